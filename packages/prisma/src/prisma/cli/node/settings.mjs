// What the Python side says about this run: one JSON text in the environment, taken out of it once read, because it may
// hold a password and this process may start others.

import { createRequire } from 'node:module'
import path from 'node:path'

const NAME = 'PRISMA_PY_RUN'

/**
 * modules: folder that holds `node_modules`.
 * url: the database to work on; null where the command needs none.
 * shadowUrl: a database that may be emptied, instead of a temporary one; or null.
 * mayCreate: whether a missing database shall be created.
 * createdMark: file to write when that happened; or null.
 * live: which side of `migrate diff` is the database: 'from', 'to' or null.
 * liveFiles: the schema that names the live side's datasource, as [{path, content}].
 * schemas: what to find in files instead of what is there, by real path; see `schemas.cjs`.
 */
export const settings = JSON.parse(process.env[NAME])
delete process.env[NAME]

export const requireModule = createRequire(path.join(settings.modules, 'package.json'))

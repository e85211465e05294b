// What the tests say about a run of the official command line. The oracle fills it in before each run.

import { createRequire } from 'node:module'
import path from 'node:path'

/**
 * modules: folder that holds `node_modules`.
 * url: the database to work on; null where the command needs none.
 * file: the path of a database of SQLite to work on instead, or `:memory:`; or null.
 * shadowUrl: a database that may be emptied, instead of a temporary one; or null.
 * mayCreate: whether a missing database shall be created.
 * live: which side of `migrate diff` is the database: 'from', 'to' or null.
 * liveFiles: the schema that names the live side's datasource, as [{path, content}].
 * schemas: what to find in files instead of what is there, by real path.
 */
export const settings = { modules: process.argv[2], url: null, file: null, shadowUrl: null, mayCreate: false, live: null, liveFiles: [], schemas: {} }

export const requireModule = createRequire(path.join(settings.modules, 'package.json'))

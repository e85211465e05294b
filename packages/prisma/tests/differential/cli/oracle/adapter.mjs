// The driver adapter that the schema engine works through: `@prisma/adapter-pg`, made fit for migrations.

import { parseUrl, place, UrlError, withTls } from './connection.mjs'
import { noteFailedScript, noteFailedShadow } from './engine.mjs'
import { requireModule, settings } from './settings.mjs'
import { closeFiles, FileFactory } from './sqlite.mjs'

const pg = requireModule('pg')
const { PrismaPg } = requireModule('@prisma/adapter-pg')

const SHADOW_PREFIX = 'prisma_migrate_shadow_db_'
// The adapter reads neither of the catalog's own types; both are text on the wire.
const CHAR = 18
const NAME = 19
const TEXT = 25
// The adapter's word for a column of single characters. The engine insists on it where the catalog has "char".
const CHARACTER_COLUMN = 6
const MISSING_DATABASE = '3D000'
const SYNTAX_ERROR = '42601'
const NOT_PERMITTED = '42501'
// The adapter knows these two words for a server that can't be reached and for one that doesn't answer.
const UNREACHABLE = new Set(['ENOENT', 'EACCES', 'EHOSTUNREACH', 'ENETUNREACH', 'EAI_AGAIN', 'ECONNREFUSED', 'ENOTFOUND'])
const NO_ANSWER = /timeout expired|due to connection timeout/

const opened = []

/** Close what a run left open, as the end of its process would. */
export async function closeAdapters() {
  closeFiles()
  for (const adapter of opened.splice(0)) await adapter.dispose().catch(() => undefined)
}

class MigrationClient extends pg.Client {
  constructor(config) {
    super(config)
    this.connection.on('rowDescription', ({ fields }) => {
      for (const field of fields) {
        field.isChar = field.dataTypeID === CHAR
        if (field.isChar || field.dataTypeID === NAME) field.dataTypeID = TEXT
      }
    })
  }
}

/** Return the factory for this run's database, or for none. */
export function adapterFactory() {
  if (settings.file !== null) return new FileFactory(settings.file)
  if (settings.url === null) return new OfflineFactory()
  return new MigrationFactory(parseUrl(settings.url))
}

class MigrationFactory {
  provider = 'postgres'
  adapterName = '@prisma/adapter-pg'

  constructor(target) {
    this.target = target
  }

  async connect() {
    const fields = await withTls(this.target)
    if (settings.mayCreate) await this.#createMissing(fields)
    return openAdapter(this.target, fields, settings.mayCreate)
  }

  connectToShadowDb() {
    return noting(settings.shadowUrl === null ? openTemporaryShadow(this.target) : openGivenShadow(this.target))
  }

  async #createMissing(fields) {
    const missing = await onceConnected(fields, this.target, async () => false).catch((error) => {
      if (error.code === MISSING_DATABASE) return true
      // Whatever else is wrong, the engine's own first query reports it.
      return false
    })
    if (!missing) return
    const { database } = fields
    await onceConnected({ ...fields, database: 'postgres' }, this.target, (client) =>
      client.query(`CREATE DATABASE ${pg.escapeIdentifier(database)}`),
    )
    process.stdout.write(`PostgreSQL database ${database} created at ${place(this.target)}\n\n`)
  }
}

/** For comparisons that ask no database: answers the engine's first question and refuses every other. */
class OfflineFactory {
  provider = 'postgres'
  adapterName = '@prisma/adapter-pg'

  async connect() {
    const refuse = async () => {
      throw new Error('This command needs a database: set the variable that the schema names in `url`.')
    }
    return {
      provider: this.provider,
      adapterName: this.adapterName,
      queryRaw: async ({ sql }) => {
        if (!sql.includes('server_version_num')) return refuse()
        // The schema exists, the version's name, the version's number: Boolean, Text, Int32.
        return { columnNames: ['exists', 'version', 'numeric_version'], columnTypes: [5, 7, 0], rows: [[true, 'PostgreSQL 16.0', 160000]] }
      },
      executeRaw: refuse,
      executeScript: refuse,
      startTransaction: refuse,
      getConnectionInfo: () => ({ schemaName: 'public', supportsRelationJoins: true }),
      dispose: async () => undefined,
    }
  }

  connectToShadowDb() {
    return noting(openGivenShadow(null))
  }
}

/** Open an adapter on one database; sessions see the URL's schema first. */
async function openAdapter(target, fields, createSchema) {
  const schema = target.schema ?? 'public'
  const config = {
    ...fields,
    Client: MigrationClient,
    // Session state (the engine's advisory lock) must outlive a prompt; a finished command must not wait for the pool.
    idleTimeoutMillis: 0,
    allowExitOnIdle: true,
    onConnect: (client) => prepareSession(client, target, schema, createSchema),
  }
  const adapter = await new PrismaPg(config, { schema }).connect()
  opened.push(adapter)
  const report = adapter.onError.bind(adapter)
  adapter.onError = (error) => report(withKnownCode(error, target))
  adapter.queryRaw = (query) => readCatalog(adapter, query)
  // Upstream splits scripts at semicolons, which breaks function bodies; one simple query is also what lets a script
  // hold CREATE INDEX CONCURRENTLY.
  adapter.executeScript = async (script) => {
    try {
      await adapter.underlyingDriver().query(script)
    } catch (error) {
      noteFailedScript(script, error)
      adapter.onError(error)
    }
  }
  return adapter
}

/** Run a query with the adapter's own `queryRaw`; columns that the catalog calls "char" say so. */
async function readCatalog(adapter, query) {
  let fields
  const observed = Object.create(adapter, {
    performIO: {
      value: async (request) => {
        const result = await adapter.performIO(request)
        fields = result.fields
        return result
      },
    },
  })
  const answer = await Object.getPrototypeOf(adapter).queryRaw.call(observed, query)
  answer.columnTypes = answer.columnTypes.map((type, column) => (fields[column].isChar ? CHARACTER_COLUMN : type))
  return answer
}

async function prepareSession(client, target, schema, createSchema) {
  const name = pg.escapeIdentifier(schema)
  if (createSchema && schema !== 'public') await client.query(`CREATE SCHEMA IF NOT EXISTS ${name}`)
  // A search path given by `options` stays unless the URL names a schema.
  if (target.schema || !target.fields.options) await client.query(`SET search_path = ${name}`)
}

async function noting(shadow) {
  try {
    return await shadow
  } catch (error) {
    noteFailedShadow(error)
    throw error
  }
}

async function openTemporaryShadow(target) {
  const database = SHADOW_PREFIX + globalThis.crypto.randomUUID()
  const fields = await withTls(target)
  const name = pg.escapeIdentifier(database)
  await onceConnected(fields, target, (client) => client.query(`CREATE DATABASE ${name}`)).catch((error) => {
    if (error.code !== NOT_PERMITTED) throw error
    const text = 'Prisma Migrate could not create the shadow database. Please make sure the database user has permission to create databases, or give the datasource a shadowDatabaseUrl.'
    throw Object.assign(new Error(text, { cause: error }), { code: 'P3014' })
  })
  const adapter = await openAdapter(target, { ...fields, database }, true)
  const close = adapter.dispose.bind(adapter)
  adapter.dispose = async () => {
    await close()
    await onceConnected(fields, target, (client) => dropDatabase(client, name))
  }
  return adapter
}

/** FORCE ends sessions that the server has not noticed to be closed; servers before 13 don't know it. */
async function dropDatabase(client, name) {
  try {
    await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
  } catch (error) {
    if (error.code !== SYNTAX_ERROR) throw error
    await client.query(`DROP DATABASE IF EXISTS ${name}`)
  }
}

/** Open the shadow database that the user named, emptied as Prisma does. */
async function openGivenShadow(main) {
  const shadow = parseUrl(settings.shadowUrl)
  if (main && place(main) === place(shadow) && main.fields.database === shadow.fields.database) {
    throw new UrlError('The shadow database is the database itself, and would be emptied. Name another one.')
  }
  const fields = await withTls(shadow)
  await onceConnected(fields, shadow, emptyDatabase)
  return openAdapter(shadow, fields, true)
}

async function emptyDatabase(client) {
  const { rows } = await client.query(
    "SELECT nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'",
  )
  for (const { nspname } of rows) await client.query(`DROP SCHEMA ${pg.escapeIdentifier(nspname)} CASCADE`)
  await client.query('CREATE SCHEMA public')
}

async function onceConnected(fields, target, work) {
  const client = new MigrationClient(fields)
  // A connection that breaks while idle is the next query's error; without a listener it would end the process.
  client.on('error', () => undefined)
  try {
    await client.connect()
    return await work(client)
  } catch (error) {
    throw withKnownCode(error, target)
  } finally {
    await client.end().catch(() => undefined)
  }
}

function withKnownCode(error, target) {
  const { host, port } = target.fields
  if (UNREACHABLE.has(error.code)) {
    return Object.assign(error, { code: 'ECONNREFUSED', syscall: 'connect', errno: error.errno ?? -1, address: host, port })
  }
  if (NO_ANSWER.test(error.message)) return Object.assign(error, { code: 'ETIMEDOUT', syscall: 'connect', errno: -1 })
  return error
}

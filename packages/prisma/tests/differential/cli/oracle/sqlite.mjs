// A driver adapter for files of SQLite on Node's own `node:sqlite`, made fit for migrations.

import { DatabaseSync } from 'node:sqlite'

// The adapter's words for kinds of columns.
const INT64 = 1
const DOUBLE = 3
const TEXT = 7
const DATETIME = 10
const BYTES = 13

const HISTORY = '_prisma_migrations'
const MOMENTS = new Set(['started_at', 'finished_at', 'rolled_back_at'])
const NO_HISTORY = `no such table: ${HISTORY}`

const opened = new Set()

/** Close what a run left open, as the end of its process would. */
export function closeFiles() {
  for (const adapter of [...opened]) adapter.dispose()
}

/** Remove everything from a file: the engine, which relies on the native one's means, removes rows alone. */
export function emptyFile(path) {
  const database = new DatabaseSync(path, { enableForeignKeyConstraints: false })
  const objects = `SELECT type, name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite!_%' ESCAPE '!'`
  for (const { type, name } of database.prepare(objects).all()) {
    database.exec(`DROP ${type} "${name.replaceAll('"', '""')}"`)
  }
  database.close()
}

export class FileFactory {
  provider = 'sqlite'
  adapterName = '@prisma/adapter-better-sqlite3'

  constructor(path) {
    this.path = path
  }

  async connect() {
    return new FileAdapter(this.path)
  }

  async connectToShadowDb() {
    return new FileAdapter(':memory:')
  }
}

class FileAdapter {
  provider = 'sqlite'
  adapterName = '@prisma/adapter-better-sqlite3'

  constructor(path) {
    this.path = path
    this.database = new DatabaseSync(path, { enableForeignKeyConstraints: true })
    opened.add(this)
  }

  async queryRaw({ sql, args }) {
    return reporting(() => {
      if (sql.includes('locking_mode')) return { columnNames: [], columnTypes: [], rows: [] }
      let statement
      try {
        statement = this.database.prepare(sql)
      } catch (error) {
        // The engine takes the missing history for an error here, unlike on other databases.
        if (!error.message.includes(NO_HISTORY)) throw error
        return { columnNames: [], columnTypes: [], rows: [] }
      }
      statement.setReadBigInts(true)
      statement.setReturnArrays(true)
      const columnNames = statement.columns().map(({ name }) => name)
      const rows = statement.all(...args.map(stored))
      const isHistory = sql.includes(HISTORY)
      const columnTypes = columnNames.map((name, column) =>
        isHistory && MOMENTS.has(name) ? DATETIME : typeOf(rows.find((row) => row[column] !== null)?.[column]),
      )
      return { columnNames, columnTypes, rows: rows.map((row) => row.map((value, column) => shown(value, columnTypes[column]))) }
    })
  }

  async executeRaw({ sql, args }) {
    return reporting(() => {
      if (args.length > 0) return Number(this.database.prepare(sql).run(...args.map(stored)).changes)
      this.database.exec(sql)
      return 0
    })
  }

  async executeScript(script) {
    return reporting(() => this.database.exec(script))
  }

  async startTransaction() {
    this.database.exec('BEGIN')
    return {
      ...{ provider: this.provider, adapterName: this.adapterName, options: { usePhantomQuery: false } },
      queryRaw: (query) => this.queryRaw(query),
      executeRaw: (query) => this.executeRaw(query),
      commit: async () => this.database.exec('COMMIT'),
      rollback: async () => this.database.exec('ROLLBACK'),
    }
  }

  getConnectionInfo() {
    return { schemaName: 'main', supportsRelationJoins: false }
  }

  async dispose() {
    if (opened.delete(this)) this.database.close()
  }
}

function reporting(work) {
  try {
    return work()
  } catch (error) {
    const { message } = error
    const cause = { kind: 'sqlite', extendedCode: error.errcode ?? 1, message, originalCode: String(error.errcode ?? 1), originalMessage: message }
    throw Object.assign(new Error(message, { cause: error }), { name: 'DriverAdapterError', cause })
  }
}

const stored = (value) => (typeof value === 'boolean' ? Number(value) : value instanceof Date ? value.toISOString() : value)

function typeOf(value) {
  if (typeof value === 'bigint') return INT64
  if (typeof value === 'number') return DOUBLE
  return value instanceof Uint8Array ? BYTES : TEXT
}

function shown(value, type) {
  if (value === null) return null
  if (type === DATETIME) return new Date(typeof value === 'bigint' ? Number(value) : value).toISOString().replace('Z', '+00:00')
  return typeof value === 'bigint' ? value.toString() : value
}

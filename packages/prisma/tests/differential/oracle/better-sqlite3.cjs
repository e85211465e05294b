// What Prisma's adapter uses of better-sqlite3, over Node's own SQLite: nothing has to be compiled, or fetched from elsewhere.

'use strict'

const { DatabaseSync } = require('node:sqlite')

// better-sqlite3 names errors by SQLite's extended result codes.
const NAMES = {
  1: 'SQLITE_ERROR',
  5: 'SQLITE_BUSY',
  18: 'SQLITE_TOOBIG',
  20: 'SQLITE_MISMATCH',
  275: 'SQLITE_CONSTRAINT_CHECK',
  517: 'SQLITE_BUSY_SNAPSHOT',
  787: 'SQLITE_CONSTRAINT_FOREIGNKEY',
  1299: 'SQLITE_CONSTRAINT_NOTNULL',
  1555: 'SQLITE_CONSTRAINT_PRIMARYKEY',
  1811: 'SQLITE_CONSTRAINT_TRIGGER',
  2067: 'SQLITE_CONSTRAINT_UNIQUE',
  2579: 'SQLITE_CONSTRAINT_ROWID',
}

function named(work) {
  try {
    return work()
  } catch (error) {
    if (error.errcode !== undefined) error.code = NAMES[error.errcode] ?? `UNKNOWN_SQLITE_ERROR_${error.errcode}`
    throw error
  }
}

const asBuffer = (value) => (value instanceof Uint8Array ? Buffer.from(value) : value)

class Statement {
  #statement
  #values = []

  constructor(statement) {
    statement.setReadBigInts(true)
    statement.setReturnArrays(true)
    this.#statement = statement
  }

  get reader() {
    return this.#statement.columns().length > 0
  }

  bind(values) {
    this.#values = values
    return this
  }

  columns() {
    return this.#statement.columns()
  }

  raw() {
    return this
  }

  all() {
    return named(() => this.#statement.all(...this.#values)).map((row) => row.map(asBuffer))
  }

  run() {
    const { changes } = named(() => this.#statement.run(...this.#values))
    return { changes: Number(changes) }
  }
}

module.exports = class Database {
  #database

  constructor(path) {
    this.#database = new DatabaseSync(path, { enableForeignKeyConstraints: true })
  }

  defaultSafeIntegers() {}

  prepare(sql) {
    return new Statement(named(() => this.#database.prepare(sql)))
  }

  exec(sql) {
    named(() => this.#database.exec(sql))
  }

  close() {
    this.#database.close()
  }
}

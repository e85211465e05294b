// Answers requests as Prisma's own JavaScript client does: its query compiler makes the plan, its runtime runs it.
//
//   node oracle.mjs <folder with node_modules> <schema file> postgresql|cockroachdb <socket folder> <database>
//   node oracle.mjs <folder with node_modules> <schema file> sqlite <file>
//   node oracle.mjs <folder with node_modules> <schema file> mysql <socket> <database>
//
// One JSON object per line comes in: `request` is a request of the compiler's protocol, `atomic` says whether to run it
// inside a transaction. One goes out: `result`, or `error` with `code` and `message`.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'

const [modules, schema, provider, ...place] = process.argv.slice(2)
const require = createRequire(`${modules}/`)
const { QueryInterpreter, TransactionManager } = require('@prisma/client-engine-runtime')

const DATABASES = {
  postgresql: {
    word: 'postgres',
    // The driver takes times as they are: whatever the server's setting, the session is in UTC.
    adapter(host, database) {
      const { PrismaPg } = require('@prisma/adapter-pg')
      return new PrismaPg({ host, database, user: 'postgres', options: '-c TimeZone=UTC' })
    },
  },
  mysql: {
    word: 'mysql',
    adapter(socketPath, database) {
      const { PrismaMariaDb } = require('@prisma/adapter-mariadb')
      // The Python client sets both for itself.
      const initSql = "SET time_zone = '+00:00', NAMES utf8mb4"
      return new PrismaMariaDb({ socketPath, database, user: 'root', initSql }, { database })
    },
  },
  sqlite: {
    word: 'sqlite',
    adapter(file) {
      const name = require.resolve('better-sqlite3')
      require.cache[name] = { id: name, filename: name, loaded: true, exports: ours('./better-sqlite3.cjs') }
      const { PrismaBetterSqlite3 } = require('@prisma/adapter-better-sqlite3')
      // The form in which the Python client stores moments, too.
      return new PrismaBetterSqlite3({ url: `file:${file}` }, { timestampFormat: 'unixepoch-ms' })
    },
  },
}

// Its driver is PostgreSQL's, as is the server that stands in for it.
DATABASES.cockroachdb = DATABASES.postgresql

const ours = createRequire(import.meta.url)
const tracingHelper = { isEnabled: () => false, runInChildSpan: (_, callback) => callback() }

function startCompiler(connectionInfo) {
  const stem = `${modules}/node_modules/prisma/build/query_compiler_fast_bg.${provider}`
  const glue = require(`${stem}.js`)
  const module = new WebAssembly.Module(readFileSync(`${stem}.wasm`))
  const imports = {}
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    imports[from] = { ...imports[from], [name]: glue[name] }
  }
  globalThis.PRISMA_WASM_PANIC_REGISTRY = { set_message() {} }
  const { exports } = new WebAssembly.Instance(module, imports)
  glue.__wbg_set_wasm(exports)
  exports.__wbindgen_start()
  return new glue.QueryCompiler({ datamodel: readFileSync(schema, 'utf8'), provider: word, connectionInfo })
}

// What JSON has no words for, and floats that it would write like ints.
function encode(key, value) {
  if (typeof value === 'bigint') return `${value}`
  if (typeof value !== 'number') return value
  const isPlain = Number.isFinite(value) && Number.isInteger(value) === Number.isSafeInteger(value)
  return isPlain ? value : { $type: 'Float', value: `${value}` }
}

const { word, adapter: factory } = DATABASES[provider]
const adapter = await factory(...place).connect()
// SQLite's adapter knows nothing of its connection.
const connectionInfo = adapter.getConnectionInfo?.() ?? { supportsRelationJoins: false }
const manager = new TransactionManager({ driverAdapter: adapter, transactionOptions: {}, tracingHelper })
const interpreter = QueryInterpreter.forSql({ tracingHelper, provider, connectionInfo })
const compiler = startCompiler(connectionInfo)

const run = (plan, queryable, transactionManager) =>
  interpreter.run(plan, { queryable, transactionManager, scope: {} })

async function runAtomically(plan) {
  const transaction = await manager.startTransaction()
  try {
    const queryable = await manager.getTransaction(transaction, 'query')
    const result = await run(plan, queryable, { enabled: false })
    await manager.commitTransaction(transaction.id)
    return result
  } catch (error) {
    await manager.rollbackTransaction(transaction.id)
    throw error
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const { request, atomic } = JSON.parse(line)
  let answer
  try {
    const plan = compiler.compile(JSON.stringify(request))
    const result = atomic ? await runAtomically(plan) : await run(plan, adapter, { enabled: true, manager })
    answer = { result }
  } catch ({ code, message }) {
    answer = { error: { code: code ?? null, message } }
  }
  process.stdout.write(`${JSON.stringify(answer, encode)}\n`)
}
await adapter.dispose()

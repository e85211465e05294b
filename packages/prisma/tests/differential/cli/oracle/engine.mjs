// What the schema engine can do and the CLI's way of using it hides. The CLI hands over the engine's class when it starts
// the WebAssembly module; the methods named here are wrapped then. The versions are pinned, so the names hold.

import child_process from 'node:child_process'
import { syncBuiltinESMExports } from 'node:module'

import { settings } from './settings.mjs'

const GLUE = './schema_engine_bg.js'
// Milliseconds that the engine gives its lock (10 s) and a change of the database (60 s); nothing else waits as long.
const ENGINE_TIMEOUT = 10_000
const NO_HISTORY = 'shadow DB must be provided'
const SHADOW_METHODS = ['devDiagnostic', 'diagnoseMigrationHistory', 'evaluateDataLoss', 'createMigration', 'diff']

let failedScript = null
let failedShadow = null

/** Remember a script that the database refused, so that the migration it belongs to can be named. */
export function noteFailedScript(script, error) {
  failedScript = { script, error }
}

/** Remember why there is no shadow database: the engine says only that there is none. */
export function noteFailedShadow(error) {
  failedShadow = error
}

/** Wrap the engine's methods once the CLI loads it, and answer for the native engine that there is none of. */
export function extendEngine() {
  WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
    construct(Instance, [module, imports]) {
      const engine = imports?.[GLUE]?.SchemaEngine
      if (engine) extendMethods(engine.prototype)
      return new Instance(module, imports)
    },
  })
  answerConnectionCheck()
  forgetEngineTimers()
}

/** The engine never clears the timers that bound its work: with the work done, Node would stay for the rest of the time. */
function forgetEngineTimers() {
  const { setTimeout } = globalThis
  globalThis.setTimeout = (work, delay, ...words) => {
    const timer = setTimeout(work, delay, ...words)
    return delay >= ENGINE_TIMEOUT ? timer.unref() : timer
  }
}

function extendMethods(prototype) {
  const { devDiagnostic } = prototype
  const wrap = (name, wrapper) => {
    const method = prototype[name]
    prototype[name] = function (request) {
      return wrapper((changed) => method.call(this, changed), request, this)
    }
  }
  wrap('diff', withLiveSide)
  wrap('applyMigrations', namingFailedMigration)
  wrap('evaluateDataLoss', (evaluate, request, engine) =>
    knowingHistory(evaluate, request, ({ migrationsList, filters }) =>
      devDiagnostic.call(engine, { migrationsList, filters }),
    ),
  )
  // A file has been emptied before: the engine goes on with the tables that it has seen.
  wrap('reset', (reset, request) => (settings.file === null ? reset(request) : null))
  for (const name of SHADOW_METHODS) wrap(name, namingFailedShadow)
  freeOnce(prototype)
}

/** The CLI frees its engine twice after `--create-only`, and the second time there is none. */
function freeOnce(prototype) {
  const { free } = prototype
  const freed = new WeakSet()
  prototype.free = function () {
    if (!freed.has(this)) free.call(this)
    freed.add(this)
  }
}

/**
 * The engine weighs a change against the schema that the migrations give. It never opens a shadow database for that: it
 * relies on its diagnosis, which left out migrations that were pending then. With those applied, a second one has all.
 */
async function knowingHistory(evaluate, request, diagnose) {
  try {
    return await evaluate(request)
  } catch (error) {
    if (!error.message.includes(NO_HISTORY)) throw error
    await diagnose(request)
    return evaluate(request)
  }
}

async function namingFailedShadow(method, request) {
  failedShadow = null
  try {
    return await method(request)
  } catch (error) {
    if (!failedShadow) throw error
    const { message, code } = failedShadow
    const known = /^P\d{4}$/.test(code) ? { code } : {}
    throw Object.assign(new Error(message, { cause: error }), { name: 'SchemaConnectorError', ...known })
  }
}

/** The CLI refuses a live database in `migrate diff` beside an adapter: that side comes as empty and is replaced here. */
function withLiveSide(diff, request) {
  if (settings.live === null) return diff(request)
  const live = { tag: 'schemaDatasource', files: settings.liveFiles, configDir: process.cwd() }
  return diff({ ...request, [settings.live]: live })
}

/** Beside an adapter the engine reports a migration that failed without code and name; programs look for P3018. */
async function namingFailedMigration(apply, request) {
  try {
    return await apply(request)
  } catch (error) {
    const migration = 'code' in error ? undefined : failedMigration(request)
    throw migration ? migrationError(migration, failedScript.error, error) : error
  }
}

function failedMigration({ migrationsList }) {
  const found = migrationsList.migrationDirectories.find(({ migrationFile }) => migrationFile.content.value === failedScript?.script)
  return found?.path
}

function migrationError(name, refusal, cause) {
  const text = [
    'A migration failed to apply. New migrations cannot be applied before the error is recovered from. Read more about how to resolve migration issues in a production database: https://pris.ly/d/migrate-resolve',
    `Migration name: ${name}`,
    `Database error code: ${refusal.code}`,
    `Database error:\n${refusal.severity}: ${refusal.message}`,
    ...['detail', 'hint', 'where'].filter((fact) => refusal[fact]).map((fact) => `${fact.toUpperCase()}: ${refusal[fact]}`),
  ].join('\n\n')
  return Object.assign(new Error(text, { cause }), { name: 'SchemaConnectorError', code: 'P3018' })
}

/**
 * `migrate resolve` asks the native engine whether the database answers, adapter or not. The engine that follows says the
 * same better, so the answer is yes: a program that ends well, without the URL among its arguments.
 */
function answerConnectionCheck() {
  const { spawn } = child_process
  child_process.spawn = (file, args, options) =>
    Array.isArray(args) && args.at(-1) === 'can-connect-to-database'
      ? spawn(process.execPath, ['--eval', ''], options)
      : spawn(file, args, options)
  syncBuiltinESMExports()
}

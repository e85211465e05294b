// Prisma's official command line in one process, for many runs: to start it takes longer than most commands.
//
// A line of JSON on standard input is a run: {words, folder, environment, settings}. The answer is a line: {code, out, err}.

import fs from 'node:fs'
import Module from 'node:module'
import path from 'node:path'
import readline from 'node:readline'

import { adapterFactory, closeAdapters } from './adapter.mjs'
import { extendEngine } from './engine.mjs'
import { requireModule, settings } from './settings.mjs'
import { emptyFile } from './sqlite.mjs'

const CONFIG = path.join(import.meta.dirname, 'prisma.config.mjs')
// How the command line starts if it is the program, and where it keeps its arguments.
const START = /eval\("require\.main === module"\)&&(\w+)\(\)/
const ARGUMENTS = /(\w+)=process\.argv\.slice\(2\);process\.removeAllListeners/
// It says that the schema's URLs are not used because an adapter is.
const URL_WARNING = 'WARNING: Your schema specifies the following datasource properties but you are using a Driver Adapter'

class Exit extends Error {
  constructor(code) {
    super(`exit ${code}`)
    this.code = code
  }
}

// Schemas in the forms of other releases of Prisma are found in their files in the form that this one takes.
const { readFile } = fs
fs.readFile = (file, ...rest) => {
  const text = typeof file === 'string' && file.endsWith('.prisma') ? settings.schemas[fs.realpathSync(file)] : undefined
  if (text === undefined) return readFile(file, ...rest)
  process.nextTick(rest.at(-1), null, text)
}

globalThis.adapterFactory = adapterFactory
extendEngine()
process.argv.splice(2, Infinity, '--config', CONFIG)
const run = loadCommandLine()
const answer = process.stdout.write.bind(process.stdout)
const environment = { ...process.env }
for await (const line of readline.createInterface({ input: process.stdin })) {
  answer(`${JSON.stringify(await outcome(JSON.parse(line)))}\n`)
}

function loadCommandLine() {
  const file = requireModule.resolve('prisma/build/index.js')
  const source = fs.readFileSync(file, 'utf8')
  const [, main] = START.exec(source)
  const [, words] = ARGUMENTS.exec(source)
  const module = new Module(file)
  module.filename = file
  module.paths = Module._nodeModulePaths(path.dirname(file))
  module._compile(source.replace(START, `module.exports=words=>(${words}=words,${main}());0&&${main}()`), file)
  return module.exports
}

async function outcome(request) {
  Object.assign(settings, request.settings)
  process.chdir(request.folder)
  if (settings.file !== null && request.words.some((word) => word === 'reset' || word === '--force-reset')) emptyFile(settings.file)
  for (const name of Object.keys(process.env)) delete process.env[name]
  Object.assign(process.env, environment, request.environment)
  process.exitCode = undefined
  const texts = { stdout: '', stderr: '' }
  const { exit } = process
  process.exit = (code) => {
    throw new Exit(code)
  }
  const writers = Object.keys(texts).map((name) => [process[name], process[name].write])
  for (const name of Object.keys(texts)) {
    process[name].write = (chunk, ...rest) => {
      const text = chunk.toString()
      if (!text.trimStart().startsWith(URL_WARNING)) texts[name] += text
      const done = rest.at(-1)
      if (typeof done === 'function') done()
      return true
    }
  }
  let code
  try {
    code = await run([...request.words, '--config', CONFIG])
  } catch (error) {
    code = error instanceof Exit ? error.code : 1
    if (!(error instanceof Exit)) console.error(`Error: ${error.message}`)
  } finally {
    for (const [stream, write] of writers) stream.write = write
    process.exit = exit
    await closeAdapters()
  }
  return { code: code || process.exitCode || 0, out: texts.stdout, err: texts.stderr }
}

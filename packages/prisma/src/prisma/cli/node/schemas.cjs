// Schemas in the forms of other releases of Prisma: the CLI finds in their files what the Python side made of them.
// Loaded before the CLI, which keeps the functions that it finds in `fs` at its start.

const fs = require('node:fs')

const { schemas } = JSON.parse(process.env.PRISMA_PY_RUN)
const { readFile } = fs

fs.readFile = (file, ...rest) => {
  const text = typeof file === 'string' && file.endsWith('.prisma') ? schemas[fs.realpathSync(file)] : undefined
  if (text === undefined) return readFile(file, ...rest)
  process.nextTick(rest.at(-1), null, text)
}

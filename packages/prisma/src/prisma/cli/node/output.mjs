// One warning of the CLI says that the schema's URLs are not used because an adapter is. Ours uses exactly them, so it
// would mislead. It is one write; everything else, before and after, is left alone.

const OPENING = 'WARNING: Your schema specifies the following datasource properties but you are using a Driver Adapter'

/** Leave the warning out of what the user sees. */
export function hideUrlWarning() {
  const write = process.stdout.write
  process.stdout.write = function (chunk, ...rest) {
    if (typeof chunk !== 'string' || !chunk.trimStart().startsWith(OPENING)) return write.call(this, chunk, ...rest)
    const done = rest.at(-1)
    if (typeof done === 'function') done()
    return true
  }
}

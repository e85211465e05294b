// The configuration with which `prisma` starts the official CLI: its schema engine is WebAssembly and reaches the database
// through our adapter, so that nothing native is downloaded.

import { adapterFactory } from './adapter.mjs'
import { extendEngine } from './engine.mjs'
import { hideUrlWarning } from './output.mjs'

hideUrlWarning()
extendEngine()

export default {
  engine: 'js',
  experimental: { adapter: true },
  adapter: async () => adapterFactory(),
}

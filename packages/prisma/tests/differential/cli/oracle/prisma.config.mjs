// The configuration of the official command line: its schema engine is WebAssembly and reaches the database through our
// adapter, so that nothing native is downloaded.

export default {
  engine: 'js',
  experimental: { adapter: true },
  adapter: async () => globalThis.adapterFactory(),
}

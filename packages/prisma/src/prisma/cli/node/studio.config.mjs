// The configuration with which `prisma studio` starts Studio. The URL says nothing: the driver takes the connection from
// the PG* variables, which can name a socket and stay out of the list of processes.

import http from 'node:http'

// Studio's page calls home from the browser, which no setting turns off: the browser is told to reach nobody but us.
const POLICY = [
  "default-src 'self' blob: data:",
  "script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval' blob:",
  "style-src 'self' 'unsafe-inline'",
  "connect-src 'self' blob: data:",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ')

const { createServer } = http
http.createServer = (...words) => {
  const server = createServer(...words)
  return server.prependListener('request', (_request, response) => {
    response.setHeader('Content-Security-Policy', POLICY)
    response.setHeader('Referrer-Policy', 'no-referrer')
  })
}

export default { datasource: { url: 'postgresql:///' } }

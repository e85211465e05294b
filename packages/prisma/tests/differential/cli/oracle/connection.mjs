// A URL in Prisma's form, as the fields that `pg` takes. Never a connection string: `pg` lets a string win over fields, and
// a shadow database named by a field would then be the real one.

import fs from 'node:fs'
import net from 'node:net'

const DEFAULT_PORT = 5432
const DEFAULT_CONNECT_TIMEOUT = 5
// The request for TLS of PostgreSQL's protocol: its length and its code.
const TLS_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47])

export class UrlError extends Error {
  name = 'UrlError'
}

/** Return the fields of a connection, and `schema` and `sslmode` for those who set them up. */
export function parseUrl(text) {
  const url = readUrl(text)
  const query = url.searchParams
  const host = query.get('host') || decode(url.hostname.replace(/^\[|\]$/g, '')) || 'localhost'
  const port = Number(query.get('port') || url.port || DEFAULT_PORT)
  const fields = {
    host,
    port,
    user: decode(url.username) || query.get('user') || undefined,
    password: decode(url.password) || query.get('password') || undefined,
    database: decode(url.pathname.slice(1)) || query.get('dbname') || 'postgres',
    application_name: query.get('application_name') || undefined,
    options: query.get('options') || undefined,
    connectionTimeoutMillis: seconds(query.get('connect_timeout')) * 1000,
  }
  const socket = host.startsWith('/')
  const schema = query.get('schema')
  return { fields, socket, schema, tls: socket ? { mode: 'disable' } : tlsOf(query) }
}

/** Return `fields` with `ssl` as the URL's sslmode says; `prefer`, the default, asks the server. */
export async function withTls({ fields, tls }) {
  const wanted = tls.mode === 'prefer' ? await offersTls(fields) : tls.mode !== 'disable'
  return { ...fields, ssl: wanted ? tls.options : false }
}

/** Where a connection leads, for messages: never a password. */
export function place({ fields, socket }) {
  return socket ? `unix:${fields.host}` : `${fields.host}:${fields.port}`
}

function readUrl(text) {
  let url
  try {
    url = new URL(text)
  } catch {
    // Not the cause: it quotes the URL.
    throw new UrlError('The database URL is not valid. Its form: postgresql://user:password@host:5432/database')
  }
  if (!['postgres:', 'postgresql:'].includes(url.protocol)) {
    throw new UrlError(`The database URL starts with ${url.protocol}//, expected postgresql:// or postgres://.`)
  }
  return url
}

function decode(text) {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new UrlError('The database URL holds a % that encodes nothing. Write a literal % as %25.')
  }
}

function seconds(text) {
  const number = Number(text ?? DEFAULT_CONNECT_TIMEOUT)
  return Number.isFinite(number) && number >= 0 ? number : DEFAULT_CONNECT_TIMEOUT
}

/** Prisma encrypts without checking the server's certificate unless told to; libpq's verify modes tell it to. */
function tlsOf(query) {
  const mode = query.get('sslmode') || 'prefer'
  const verified = mode.startsWith('verify') || query.get('sslaccept') === 'strict'
  const options = { rejectUnauthorized: verified }
  if (mode === 'verify-ca') options.checkServerIdentity = () => undefined
  // Alone, sslcert is the certificate of the authority (Prisma); beside sslkey it is the client's (libpq).
  const key = query.get('sslkey')
  const certificate = query.get('sslcert')
  const authority = query.get('sslrootcert') || (key ? null : certificate)
  if (authority && authority !== 'system') options.ca = read(authority)
  if (key && certificate) Object.assign(options, { key: read(key), cert: read(certificate) })
  const identity = query.get('sslidentity')
  if (identity) Object.assign(options, { pfx: read(identity), passphrase: query.get('sslpassword') ?? '' })
  return { mode, options }
}

function read(file) {
  try {
    return fs.readFileSync(file)
  } catch (error) {
    throw new UrlError(`The database URL names the file ${file}, which can't be read (${error.code}).`)
  }
}

/** Ask whether the server speaks TLS; a server that can't be reached is left to the connection itself to report. */
function offersTls({ host, port, connectionTimeoutMillis }) {
  return new Promise((resolve) => {
    const socket = net.connect({ host, port })
    const answer = (value) => {
      socket.destroy()
      resolve(value)
    }
    socket.setTimeout(connectionTimeoutMillis, () => answer(false))
    socket.once('connect', () => socket.write(TLS_REQUEST))
    socket.once('data', (data) => answer(data[0] === 'S'.charCodeAt(0)))
    socket.once('error', () => answer(false))
    socket.once('close', () => answer(false))
  })
}

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

// Studio tells rows apart by the primary key alone: of a table without one it shows a single row and changes none.
// Where its question about the tables reads the primary keys, it gets for such a table the shortest unique index whose
// columns are never null.
const PRIMARY_KEYS = 'left join "pg_catalog"."pg_constraint" as "pk_con" on'
const ROW_KEYS = `left join (
  select distinct on (indrelid)
    'p'::"char" as contype, indrelid as conrelid,
    (string_to_array(indkey::text, ' ')::int2[])[1:indnkeyatts] as conkey
  from pg_catalog.pg_index as keys
  where indisunique and indisvalid and (indisprimary or indimmediate) and indpred is null and indexprs is null
    and not exists (
      select from pg_catalog.pg_attribute
      where attrelid = indrelid and not attnotnull
        and attnum = any ((string_to_array(indkey::text, ' ')::int2[])[1:indnkeyatts])
    )
  order by indrelid, indisprimary desc, indnkeyatts, indexrelid
) as "pk_con" on`

const { createServer } = http
http.createServer = (...words) => {
  const server = createServer(...words)
  return server.prependListener('request', (request, response) => {
    response.setHeader('Content-Security-Policy', POLICY)
    response.setHeader('Referrer-Policy', 'no-referrer')
    if (request.method === 'POST' && request.url === '/bff') rewriteBody(request, withRowKeys)
  })
}

// Hold the body back until it is whole, and hand on what `rewrite` makes of it.
function rewriteBody(request, rewrite) {
  const { push } = request
  const chunks = []
  request.push = (chunk) => {
    if (chunk !== null) return chunks.push(chunk) > 0
    push.call(request, Buffer.from(rewrite(Buffer.concat(chunks).toString())))
    return push.call(request, null)
  }
}

function withRowKeys(body) {
  return body.replace(JSON.stringify(PRIMARY_KEYS).slice(1, -1), () => JSON.stringify(ROW_KEYS).slice(1, -1))
}

export default { datasource: { url: 'postgresql:///' } }

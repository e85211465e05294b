// What a web application does with the shared database: Prisma's own client, the adapter of Auth.js on it, and whole
// sign-ins by mail link, of Auth.js 5 and of NextAuth 4.
//
//   node application.mjs <folder with node_modules> <socket folder> <database>
//
// One JSON object per line comes in, `{"do": name, "with": [arguments]}`, and one goes out: `result`, or `error` with
// Prisma's code or the message. Times are texts, as in JSON.

import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'

const [modules, host, database] = process.argv.slice(2)
const require = createRequire(`${modules}/`)
const load = (path) => import(pathToFileURL(`${modules}/node_modules/${path}`))
const { PrismaClient } = require('@prisma/client')
const { PrismaPg } = require('@prisma/adapter-pg')
const { PrismaAdapter } = await load('@auth/prisma-adapter/index.js')
const { Auth } = await load('@auth/core/index.js')
const NextAuth = require('next-auth').default

const secret = 'a secret of thirty-two characters'
const quiet = { error() {}, warn() {}, debug() {} }
// NextAuth 4 then takes its own address from the request, as Auth.js 5 does with `trustHost`.
process.env.AUTH_TRUST_HOST = 'true'

const prisma = new PrismaClient({ adapter: new PrismaPg({ host, database, user: 'postgres' }) })
const adapter = PrismaAdapter(prisma)

const libraries = {
  async authjs(url, cookie, form, options) {
    const headers = { cookie }
    const body = form && new URLSearchParams(form)
    const request = new Request(url, { method: form ? 'POST' : 'GET', headers, body })
    const response = await Auth(request, { ...options, trustHost: true, basePath: '/api/auth' })
    return { cookies: response.headers.getSetCookie(), text: await response.text() }
  },

  async nextauth(url, cookie, form, options) {
    const { pathname, searchParams, host, protocol } = new URL(url)
    const answer = { cookies: [], text: '' }
    const headers = { host, 'x-forwarded-host': host, 'x-forwarded-proto': protocol.slice(0, -1) }
    const cookies = Object.fromEntries(cookie.split('; ').filter(Boolean).map(decodedPair))
    const query = { ...Object.fromEntries(searchParams), nextauth: pathname.split('/').slice(3) }
    const request = { method: form ? 'POST' : 'GET', headers, cookies, query, body: form }
    const response = {
      status: () => response,
      getHeader: (name) => (name === 'Set-Cookie' ? answer.cookies : undefined),
      setHeader(name, value) {
        if (name === 'Set-Cookie') answer.cookies = value
        return response
      },
      json: (value) => (answer.text = JSON.stringify(value)),
      send: (value) => (answer.text = typeof value === 'string' ? value : JSON.stringify(value)),
      end() {},
    }
    await NextAuth(request, response, options)
    return answer
  },
}

function pair(text) {
  const end = text.indexOf('=')
  return [text.slice(0, end), text.slice(end + 1)]
}

function decodedPair(text) {
  const [name, value] = pair(text)
  return [name, decodeURIComponent(value)]
}

// A browser's visit; `jar` holds its cookies as they travel, and is changed.
async function visit(library, url, jar, form, settings = {}) {
  const mail = { id: 'email', type: 'email', name: 'Mail', from: 'x@example.com', maxAge: 3600, options: {} }
  const provider = { ...mail, server: {}, sendVerificationRequest: settings.send ?? (() => {}) }
  const session = { strategy: 'database', ...(settings.token && { generateSessionToken: () => settings.token }) }
  const options = { adapter, secret, session, logger: quiet, providers: [provider] }
  const cookie = Object.entries(jar).map(([name, value]) => `${name}=${value}`).join('; ')
  const { cookies, text } = await libraries[library](url, cookie, form, options)
  for (const line of cookies) {
    const [name, value] = pair(line.split(';')[0])
    if (value) jar[name] = value
    else delete jar[name]
  }
  return text
}

const tasks = {
  // A method of Prisma's client: `prisma("user", "findUnique", {...})`.
  prisma: (model, method, argument) => prisma[model][method](argument),

  adapter: (method, ...rest) => adapter[method](...rest),

  // Follows the link in the mail to the address; returns the browser's cookies.
  async signIn({ library, origin, email, jar = {}, token }) {
    const mails = []
    const settings = { token, send: (message) => mails.push(message) }
    const { csrfToken } = JSON.parse(await visit(library, `${origin}/api/auth/csrf`, jar))
    await visit(library, `${origin}/api/auth/signin/email`, jar, { email, csrfToken }, settings)
    await visit(library, mails[0].url, jar, undefined, settings)
    return jar
  },

  // Whom the web application sees: the user of its session, or null.
  async whoAmI({ library, origin, jar }) {
    const session = JSON.parse(await visit(library, `${origin}/api/auth/session`, jar))
    return session?.user?.email ?? null
  },
}

const time = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/
const revive = (_, value) => (typeof value === 'string' && time.test(value) ? new Date(value) : value)

for await (const line of createInterface({ input: process.stdin })) {
  const task = JSON.parse(line, revive)
  let answer
  try {
    answer = { result: (await tasks[task.do](...task.with)) ?? null }
  } catch (error) {
    answer = { error: error.code ?? error.message }
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`)
}
await prisma.$disconnect()

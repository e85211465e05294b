// The workloads over Prisma Client for JavaScript, in a process of its own; see `benchmarks/worker.py` for the protocol.
//
//   node worker.mjs <folder with node_modules> <socket folder> <connections>

import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'

const [modules, host, connections] = process.argv.slice(2)
const require = createRequire(`${modules}/`)
const { PrismaClient } = require('@prisma/client')
const { PrismaPg } = require('@prisma/adapter-pg')

const USERS = 1000
const MANY = 1000
const PAGE = 100
const GROUP = 20

const adapter = new PrismaPg({ host, database: 'postgres', user: 'postgres', max: Number(connections), options: '-c TimeZone=UTC' })
const db = new PrismaClient({ adapter })

const userId = (index) => `user-${(index * 7) % USERS}`
const newEmail = (index, number = 0) => `z-${index}-${number}@example.com`

const workloads = {
  W1: (index) => db.user.findUnique({ where: { id: userId(index) } }),
  W2: (index) =>
    db.user.findUnique({ where: { email: `${userId(index)}@example.com` }, include: { apiKeys: true, subscriptions: true } }),
  W3: (index) =>
    db.user.findMany({
      where: { role: 'USER', email: { gt: `user-${(index % 500) + 100}` } },
      orderBy: { email: 'asc' },
      take: PAGE,
    }),
  W4: (index) => db.user.create({ data: { email: newEmail(index), name: 'New' } }),
  W5: (index) =>
    db.$transaction(async (tx) => {
      const user = await tx.user.create({ data: { email: newEmail(index), name: 'New' } })
      return [user, await tx.apiKey.create({ data: { key: `z-${index}`, name: 'First', userId: user.id } })]
    }),
  W6: async (index) => {
    const data = Array.from({ length: MANY }, (_, number) => ({ email: newEmail(index, number), name: 'New' }))
    return (await db.user.createMany({ data })).count
  },
  W7: (index) => db.user.update({ where: { id: userId(index) }, data: { name: `Changed ${index}` } }),
  W8: (index) =>
    db.user.findMany({
      where: { email: { gt: `user-${(index % 800) + 100}` } },
      orderBy: { email: 'asc' },
      take: GROUP,
      include: { projects: true },
    }),
}

async function timed({ workload, tasks, calls, first }) {
  const work = workloads[workload]
  const lane = async (start) => {
    for (let index = start; index < first + calls; index += tasks) await work(index)
  }
  const cpu = process.cpuUsage()
  const start = performance.now()
  await Promise.all(Array.from({ length: tasks }, (_, number) => lane(first + number)))
  const wall = (performance.now() - start) / 1000
  const { user, system } = process.cpuUsage(cpu)
  return { wall, cpu: (user + system) / 1e6 }
}

async function answer(request) {
  if (request.do === 'memory') return { peak: process.resourceUsage().maxRSS / 1024 }
  if (request.do === 'result') return { result: await workloads[request.workload](request.first) }
  return timed(request)
}

await db.$connect()
console.log(JSON.stringify({ ready: true }))
for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await answer(JSON.parse(line))))
}
await db.$disconnect()

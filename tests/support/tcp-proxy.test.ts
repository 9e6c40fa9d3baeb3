import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { createTcpProxy } from './tcp-proxy.ts'
import type { TcpProxy } from './tcp-proxy.ts'

const open: (() => unknown)[] = []
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close()
})

/** Answers each piece with itself, and keeps what it heard. */
async function echo() {
  const heard: string[] = []
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.on('data', (piece) => {
      heard.push(String(piece))
      socket.write(piece)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  open.push(() => server.close())
  const { port } = server.address() as AddressInfo
  const proxy = await createTcpProxy({ port })
  open.push(() => proxy.close())
  return { proxy, heard, port }
}

async function client({ port }: Pick<TcpProxy, 'port'>): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  await once(socket, 'connect')
  open.push(() => socket.destroy())
  return socket
}

/** True: it ended in a reset. */
function ended(socket: Socket): Promise<boolean> {
  return new Promise((resolve) => socket.once('close', resolve))
}

const answerTo = async (socket: Socket, text: string): Promise<string> => {
  const answer = once(socket, 'data')
  socket.write(text)
  const [piece] = (await answer) as [Buffer]
  return String(piece)
}

test('passes on what is sent, and the end of it', async () => {
  const { proxy } = await echo()
  const socket = await client(proxy)
  expect(await answerTo(socket, 'one')).toBe('one')
  socket.end()
  expect(await ended(socket)).toBe(false)
})

test('a latency takes its time each way', async () => {
  const { proxy } = await echo()
  const socket = await client(proxy)
  proxy.set({ latencyMs: 40 })
  const sentMs = performance.now()
  await answerTo(socket, 'slow')
  expect(performance.now() - sentMs).toBeGreaterThanOrEqual(75)
})

test('a narrow link takes as long as its bytes', async () => {
  const { proxy } = await echo()
  const socket = await client(proxy)
  proxy.set({ bytesPerSecond: 10_000 })
  const sentMs = performance.now()
  await answerTo(socket, 'x'.repeat(1_000))
  expect(performance.now() - sentMs).toBeGreaterThanOrEqual(180)
})

test('what was held back in silence is delivered when it ends', async () => {
  const { proxy, heard, port } = await echo()
  const socket = await client(proxy)
  const before = await client(proxy)
  await answerTo(before, 'before')
  proxy.set({ silent: 'both' })
  const answer = once(socket, 'data')
  socket.write('late')
  // Long enough for what is not held back: several turns of the same loop.
  for (let turn = 0; turn < 10; turn++) await answerTo(await client({ port }), `direct ${turn}`)
  expect(heard).not.toContain('late')
  proxy.set({})
  expect(String(((await answer) as [Buffer])[0])).toBe('late')
  expect(heard.at(-1)).toBe('late')
})

test('a lost reply: the request was heard, the connection is reset', async () => {
  const { proxy, heard } = await echo()
  const socket = await client(proxy)
  proxy.loseNextReply()
  const end = ended(socket)
  const answers: string[] = []
  socket.on('data', (piece) => answers.push(String(piece)))
  socket.write('done')
  expect(await end).toBe(true)
  expect({ heard, answers }).toEqual({ heard: ['done'], answers: [] })
})

test('a request is cut when its bytes are used up, the next connection is whole', async () => {
  const { proxy, heard } = await echo()
  const socket = await client(proxy)
  proxy.cutRequestAfter(3)
  const end = ended(socket)
  socket.write('cut me')
  expect(await end).toBe(true)
  expect(heard).toEqual([])
  expect(await answerTo(await client(proxy), 'whole')).toBe('whole')
})

test('a reset ends all connections', async () => {
  const { proxy } = await echo()
  const sockets = [await client(proxy), await client(proxy)]
  for (const socket of sockets) await answerTo(socket, 'here')
  const ends = sockets.map(ended)
  expect(proxy.reset()).toBe(2)
  expect(await Promise.all(ends)).toEqual([true, true])
})

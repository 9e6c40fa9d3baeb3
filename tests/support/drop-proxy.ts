/** A TCP proxy that can lose one reply: the request passes, the answer does not, the sockets die. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

export type DropProxy = Readonly<{
  port: number
  /** The next reply from the server is not passed on; both sockets are destroyed instead. */
  dropNextReply: () => void
  /** Nothing passes any more in either direction, and nothing is closed. */
  blackHole: (isOn: boolean) => void
  close: () => Promise<void>
}>

export async function createDropProxy(host: string, port: number): Promise<DropProxy> {
  let isDropping = false
  let isHole = false
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = connect(port, host)
    const destroy = (): void => {
      client.destroy()
      upstream.destroy()
    }
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', destroy).on('close', () => {
        sockets.delete(socket)
        destroy()
      })
    }
    client.on('data', (chunk) => isHole || upstream.write(chunk))
    upstream.on('data', (chunk) => {
      if (isHole) return
      if (!isDropping) client.write(chunk)
      else {
        isDropping = false
        destroy()
      }
    })
  })
  const { promise, resolve } = Promise.withResolvers<void>()
  server.listen(0, '127.0.0.1', resolve)
  await promise
  return {
    port: (server.address() as AddressInfo).port,
    dropNextReply: () => {
      isDropping = true
    },
    blackHole: (isOn) => {
      isHole = isOn
    },
    close: async () => {
      const closed = new Promise<void>((done) => server.close(() => done()))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

import { once } from 'node:events'
import { connect } from 'node:net'
import { createKafka } from '../../src/adapters/kafka-client.ts'

const LEAVE_GROUP = 13
const PATIENCE_MS = 5_000

/**
 * Says in the name of a member that was killed that it left, so that the others need not wait for
 * the end of its session (10 s). Members are known by their client id.
 */
export async function removeMember(
  brokers: string,
  groupId: string,
  clientId: string,
): Promise<void> {
  const { kafka } = createKafka({ brokers: brokers.split(',') })
  const admin = kafka.admin()
  await admin.connect()
  try {
    const { groups } = await admin.describeGroups([groupId])
    const members = groups.flatMap((group) => group.members)
    const { brokers: nodes } = await admin.describeCluster()
    for (const { memberId } of members.filter((it) => it.clientId === clientId)) {
      // Only the coordinator heeds it; the others answer that they are none.
      await Promise.all(nodes.map(({ host, port }) => leave(host, port, groupId, memberId)))
    }
  } finally {
    await admin.disconnect()
  }
}

/** LeaveGroup, version 0: kafkajs has it for its own membership only. */
async function leave(host: string, port: number, group: string, member: string): Promise<void> {
  const header = Buffer.concat([int16(LEAVE_GROUP), int16(0), Buffer.alloc(4), textOf('tests')])
  const request = Buffer.concat([header, textOf(group), textOf(member)])
  const size = Buffer.alloc(4)
  size.writeInt32BE(request.length)
  const socket = connect(port, host)
  try {
    socket.write(Buffer.concat([size, request]))
    await once(socket, 'data', { signal: AbortSignal.timeout(PATIENCE_MS) })
  } finally {
    socket.destroy()
  }
}

function textOf(value: string): Buffer {
  const bytes = Buffer.from(value)
  return Buffer.concat([int16(bytes.length), bytes])
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeInt16BE(value)
  return bytes
}

/**
 * What one writes first, with the same two libraries: a sorted set per merchant, trimmed and counted
 * over five windows for every authorisation. It counts and nothing else: no rule, no warning, no
 * amounts, and after a crash it counts twice.
 */
import type { KafkaMessage } from 'kafkajs'
import { Redis } from 'ioredis'
import { z } from 'zod'
import { consume } from './drain.ts'
import type { StageOrder, StageResult } from './stage.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const WINDOWS_MS = [MINUTE_MS, 10 * MINUTE_MS, HOUR_MS, 6 * HOUR_MS, 24 * HOUR_MS]
const KEPT_MS = Math.max(...WINDOWS_MS)

const authorisation = z.object({
  transactionId: z.string().min(1),
  terminalId: z.string().min(1),
  mti: z.string().regex(/^[0-9]{4}$/),
  amount: z.int().min(0),
  currency: z.string().length(3),
  responseCode: z.string().min(1),
  approved: z.boolean(),
  cardToken: z.string().optional(),
  last4: z.string().optional(),
  entryMode: z.string().optional(),
})
const eventForm = z.object({
  id: z.string().min(1),
  source: z.string().min(1),
  type: z.string().min(1),
  subject: z.string().min(1),
  time: z.iso.datetime({ offset: true }),
  data: z.looseObject({}),
})
type Pipeline = ReturnType<Redis['pipeline']>

/** As kafkajs does by itself: one partition after the other. */
export async function perMessageOne(order: StageOrder): Promise<StageResult> {
  return perMessage(order, 1)
}

/** eachMessage, and one pipeline awaited for each. */
export async function perMessage(
  order: StageOrder,
  partitionsAtOnce?: number,
): Promise<StageResult> {
  const redis = new Redis(order.redisUrl, { protocol: 2 })
  let counted = 0
  const result = await consume(order, {
    partitionsAtOnce,
    message: async (message) => {
      const pipeline = redis.pipeline()
      note(pipeline, order.name, message)
      counted += countedIn(await pipeline.exec())
    },
  })
  redis.disconnect()
  return { ...result, figures: { counted } }
}

/** eachBatch, and one pipeline awaited for each. */
export async function perBatch(order: StageOrder): Promise<StageResult> {
  const redis = new Redis(order.redisUrl, { protocol: 2 })
  let counted = 0
  const result = await consume(order, {
    batch: async (messages, payload) => {
      const pipeline = redis.pipeline()
      for (const message of messages) note(pipeline, order.name, message)
      counted += countedIn(await pipeline.exec())
      await payload.heartbeat()
    },
  })
  redis.disconnect()
  return { ...result, figures: { counted } }
}

/** What is no authorisation only moves when the merchant was last seen; a bad record is dropped. */
function note(pipeline: Pipeline, name: string, { value }: KafkaMessage): void {
  const event = eventForm.safeParse(parsed(value))
  if (!event.success) return
  const { id, type, subject, time, data } = event.data
  const timeMs = Date.parse(time)
  if (type !== 'card.authorisation' || !authorisation.safeParse(data).success) {
    pipeline.hset(`${name}:seen`, subject, timeMs)
    return
  }
  const key = `${name}:${subject}`
  pipeline.zadd(key, timeMs, id)
  pipeline.zremrangebyscore(key, '-inf', timeMs - KEPT_MS)
  for (const spanMs of WINDOWS_MS) pipeline.zcount(key, timeMs - spanMs, timeMs)
}

function parsed(value: Buffer | null): unknown {
  try {
    return JSON.parse(String(value))
  } catch {
    return undefined
  }
}

function countedIn(replies: Awaited<ReturnType<Pipeline['exec']>>): number {
  let replied = 0
  for (const [error] of replies ?? []) {
    if (error !== null) throw error
    replied++
  }
  return replied
}

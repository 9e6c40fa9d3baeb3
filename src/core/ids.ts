/** Deterministic ids: the same log gives the same ids, whoever folds it and however often. */
import { hash } from 'node:crypto'
import type { EpochMs } from './time.ts'
import type { Reason, Stage } from './warning.ts'

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'
const EPISODE_CHARS = 26

export type Episode = Readonly<{
  tenant: string
  merchantId: string
  detector: string
  subject: string
  /** `time` of its `opened` record. */
  openedMs: EpochMs
  /** `source ⏎ id` of the event that opened it, or `timer`, or `policy`. */
  openedBy: string
}>

/** 26 characters of lower-case base32 of sha256 over the episode's name. */
export function episodeId(episode: Episode): string {
  const { tenant, merchantId, detector, subject, openedMs, openedBy } = episode
  const name = [tenant, merchantId, detector, subject, openedMs, openedBy].join('\n')
  return base32(hash('sha256', name, 'buffer'))
}

/** A stage occurs once in an episode, an end once. */
export function recordId(episode: Episode, reason: Reason, stage: Stage): string {
  const isEnd = reason === 'resolved' || reason === 'retracted'
  return `${episodeId(episode)}-${isEnd ? reason : stage}`
}

function base32(bytes: Uint8Array): string {
  let text = ''
  let bits = 0
  let held = 0
  for (const byte of bytes) {
    held = (held << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += ALPHABET[(held >>> bits) & 31]
      if (text.length === EPISODE_CHARS) return text
    }
    held &= (1 << bits) - 1
  }
  return text
}

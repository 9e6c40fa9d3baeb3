/** Where the error codes stand in a broker's answers: the versions that kafkajs asks, none of them compact. */

export const APIS = {
  Produce: 0,
  Fetch: 1,
  ListOffsets: 2,
  Metadata: 3,
  OffsetCommit: 8,
  OffsetFetch: 9,
  FindCoordinator: 10,
  JoinGroup: 11,
  Heartbeat: 12,
  SyncGroup: 14,
  InitProducerId: 22,
  AddPartitionsToTxn: 24,
  EndTxn: 26,
} as const
export type Api = keyof typeof APIS

type Cursor = { readonly bytes: Buffer; at: number; readonly places: number[] }

/**
 * Offsets of the codes (int16) in an answer: of a partition where each has one, else of the answer.
 * `bytes` begin with the correlation id.
 */
export function codePlaces(api: Api, version: number, bytes: Buffer): readonly number[] {
  const it: Cursor = { bytes, at: 4, places: [] }
  LAYOUTS[api](it, version)
  return it.places
}

/** First version whose answer begins with the throttle time. */
function throttle(it: Cursor, version: number, since: number): void {
  if (version >= since) it.at += 4
}

function code(it: Cursor): void {
  it.places.push(it.at)
  it.at += 2
}

function text(it: Cursor): void {
  const length = it.bytes.readInt16BE(it.at)
  it.at += 2 + Math.max(0, length)
}

function array(it: Cursor, each: () => void): void {
  const count = it.bytes.readInt32BE(it.at)
  it.at += 4
  for (let i = 0; i < count; i++) each()
}

/** Topics by name, each with partitions. */
function topics(it: Cursor, partition: () => void): void {
  array(it, () => {
    text(it)
    array(it, partition)
  })
}

const whole =
  (since: number) =>
  (it: Cursor, version: number): void => {
    throttle(it, version, since)
    code(it)
  }

/** Partition, then code, then some bytes that nobody looks at. */
const perPartition =
  (since: number, rest: (version: number) => number) =>
  (it: Cursor, version: number): void => {
    throttle(it, version, since)
    topics(it, () => {
      it.at += 4
      code(it)
      it.at += rest(version)
    })
  }

const LAYOUTS: Readonly<Record<Api, (it: Cursor, version: number) => void>> = {
  // The throttle time stands at the end.
  Produce: perPartition(Infinity, (version) => 8 + (version >= 2 ? 8 : 0) + (version >= 5 ? 8 : 0)),
  Fetch: (it, version) => {
    throttle(it, version, 1)
    if (version >= 7) it.at += 6
    topics(it, () => {
      it.at += 4
      code(it)
      it.at += 8 + (version >= 4 ? 8 : 0) + (version >= 5 ? 8 : 0)
      if (version >= 4) array(it, () => (it.at += 16))
      if (version >= 11) it.at += 4
      it.at += 4 + Math.max(0, it.bytes.readInt32BE(it.at))
    })
  },
  ListOffsets: perPartition(2, (version) => 16 + (version >= 4 ? 4 : 0)),
  Metadata: (it, version) => {
    throttle(it, version, 3)
    array(it, () => {
      it.at += 4
      text(it)
      it.at += 4
      text(it)
    })
    if (version >= 2) text(it)
    it.at += 4
    array(it, () => {
      code(it)
      text(it)
      it.at += 1
      array(it, () => {
        it.at += 10 + (version >= 7 ? 4 : 0)
        for (let list = 0; list < (version >= 5 ? 3 : 2); list++) array(it, () => (it.at += 4))
      })
    })
  },
  OffsetCommit: perPartition(3, () => 0),
  OffsetFetch: (it, version) => {
    throttle(it, version, 3)
    topics(it, () => {
      it.at += 12 + (version >= 5 ? 4 : 0)
      text(it)
      code(it)
    })
  },
  FindCoordinator: whole(1),
  JoinGroup: whole(2),
  Heartbeat: whole(1),
  SyncGroup: whole(1),
  InitProducerId: whole(0),
  AddPartitionsToTxn: perPartition(0, () => 0),
  EndTxn: whole(0),
}

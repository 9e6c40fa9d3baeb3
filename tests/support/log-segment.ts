/** The file in which a broker of a test keeps a partition: it serves from it what stands there now. */
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'

type Place = Readonly<{ folder: string; topic: string; partition: number }>

/** First and last offset, and number of records left, of each batch in the first file. */
export function batchesIn(place: Place): readonly Readonly<[number, number, number]>[] {
  const bytes = readFileSync(fileOf(place))
  return startsOf(bytes).map((at) => {
    const first = Number(bytes.readBigInt64BE(at))
    return [first, first + bytes.readInt32BE(at + 23), bytes.readInt32BE(at + 57)]
  })
}

/** Changes the batch that begins at an offset, where it lies. */
export function damageBatch(
  place: Place,
  firstOffset: number,
  damage: (batch: Buffer) => void,
): void {
  const file = fileOf(place)
  const bytes = readFileSync(file)
  const at = startsOf(bytes).find((start) => Number(bytes.readBigInt64BE(start)) === firstOffset)
  if (at === undefined) throw new Error(`no batch begins at ${firstOffset}`)
  const batch = Buffer.from(bytes.subarray(at, at + 12 + bytes.readInt32BE(at + 8)))
  damage(batch)
  const open = openSync(file, 'r+')
  writeSync(open, batch, 0, batch.length, at)
  closeSync(open)
}

function startsOf(bytes: Buffer): number[] {
  const starts: number[] = []
  for (let at = 0; at + 12 < bytes.length; at += 12 + bytes.readInt32BE(at + 8)) starts.push(at)
  return starts
}

function fileOf({ folder, topic, partition }: Place): string {
  return join(folder, 'data', `${topic}-${partition}`, `${'0'.repeat(20)}.log`)
}

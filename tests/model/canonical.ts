/** One name for all worlds that differ only in the numbers of writers and epochs, and in who is who. */
import type { Settings } from './settings.ts'
import type { Commit, Cursor, Entry, Life, Store, World } from './world.ts'

/** Writers by the order in which they are met, epochs by their order. */
class Names {
  readonly #writers = new Map<number, number>([[0, 0]])
  readonly #epochs: readonly number[]
  readonly #oldest: number

  constructor(world: World) {
    this.#epochs = epochsOf(world)
    this.#oldest = world.outputEpoch - 1
  }

  writer(raw: number): number {
    const known = this.#writers.get(raw)
    if (known !== undefined) return known
    const name = this.#writers.size
    this.#writers.set(raw, name)
    return name
  }

  /** Only their order counts; all that the output refuses are one. */
  epoch(raw: number): number {
    return this.#epochs.indexOf(Math.max(raw, this.#oldest))
  }
}

function epochsOf({ epoch, outputEpoch, lives, lateSends }: World): number[] {
  const epochs = [outputEpoch - 1, outputEpoch, epoch]
  for (const life of lives) if (life !== undefined) epochs.push(life.relay.epoch)
  for (const send of lateSends) epochs.push(send.epoch)
  return [...new Set(epochs.filter((it) => it >= outputEpoch - 1))].toSorted((x, y) => x - y)
}

/** Without the faults that are left: what follows when none happens does not depend on them. */
export function keyWithoutFaults(it: Settings, world: World): string {
  const [p, q] = world.lives
  if (q === undefined) return keyOf(it, world, [p])
  if (p === undefined) return keyOf(it, world, [q])
  const one = keyOf(it, world, [p, q])
  const other = keyOf(it, world, [q, p])
  return one < other ? one : other
}

export function keyWithFaults(it: Settings, world: World): string {
  const { crash, commit, reorder, produce, rollback, empty } = world.left
  return `${keyWithoutFaults(it, world)}${crash}${commit}${reorder}${produce}${rollback}${empty}`
}

function keyOf(it: Settings, world: World, lives: readonly (Life | undefined)[]): string {
  const names = new Names(world)
  let key = storeKey(world.store, names)
  if (world.saved !== undefined) key += `^${storeKey(world.saved, names)}`
  key += `/${names.epoch(world.epoch)}/${world.output}/${world.log.join('')}/${world.wall}`
  key += `/${world.everStored}`
  for (const life of lives) {
    if (life === undefined) continue
    key += `\n${lifeKey(life, names)}`
    if (it.defect === undefined) continue
    key += `;${life.startedAt};${life.provenWall};${life.relay.toldAgainBelow}`
  }
  for (const late of world.lateCommits) key += `\n<${commitKey(late, names)}`
  for (const { epoch, ids } of world.lateSends) key += `\n>${names.epoch(epoch)}${ids}`
  return `${key}\n`
}

function cursorKey({ offset, version, writer }: Cursor, names: Names): string {
  return `${offset}|${version}|${names.writer(writer)}`
}

function entriesKey(entries: readonly Entry[]): string {
  let key = ''
  for (const { sequence, id } of entries) key += sequence + id
  return key
}

function storeKey(store: Store, names: Names): string {
  const { accounts, outbox, sequence, mark, clock } = store
  const notes = `${sequence},${mark},${clock}`
  return `${cursorKey(store.cursor, names)}:${accounts.join()}:${entriesKey(outbox)}:${notes}`
}

function commitKey(it: Commit, names: Names): string {
  const notes = `${it.sequence},${it.mark},${it.clock}`
  const changes = `${it.accounts.join()}:${entriesKey(it.added)}:${it.dropped.join()}`
  return `${cursorKey(it.expected, names)}>${cursorKey(it.next, names)}:${changes}:${notes}`
}

function lifeKey(life: Life, names: Names): string {
  const { relay, proof, reading } = life
  let key = `${names.writer(life.writer)};${cursorKey(life.cursor, names)};${life.position}`
  key += `,${life.clock}`
  for (const account of life.accounts) key += `,${account ?? '?'}`
  if (reading !== undefined) key += `?${reading.account}${reading.value}`
  key += `;${life.sequence}${life.isUnclear ? 'u' : ''}`
  for (const { commit, way } of life.queue) key += `[${way[0]}${commitKey(commit, names)}]`
  if (proof !== undefined) key += `!${proof.wall}${proof.end}`
  key += `;${entriesKey(relay.pending)};${relay.mark}`
  if (relay.acknowledged.length > 0) key += `a${relay.acknowledged.join()}`
  if (relay.stage > 0) key += `e${relay.stage}${names.epoch(relay.epoch)};${relay.here}`
  if (relay.sending > 0) key += `s${relay.sending}${relay.missing}`
  // Until the output is opened anew the mark moves anyway.
  if (relay.present !== '') key += `p${relay.present};${relay.toldAgainBelow};${relay.openedAt}`
  return key
}

/** 53 bits: among ten million worlds two fall together with a chance of less than one in a hundred. */
export function hashOf(key: string): number {
  let a = 0xdeadbeef
  let b = 0x41c6ce57
  for (let i = 0; i < key.length; i++) {
    const code = key.charCodeAt(i)
    a = Math.imul(a ^ code, 2654435761)
    b = Math.imul(b ^ code, 1597334677)
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909)
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909)
  return 4294967296 * (2097151 & b) + (a >>> 0)
}

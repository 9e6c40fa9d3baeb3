/** A change of policy in the running engine: when it judges whom, and what a fault in between leaves. */
import { expect, test } from 'vitest'
import { Unavailable } from '../../src/core/ports.ts'
import type { Commit, StateStore } from '../../src/core/ports.ts'
import { decodeMeta, encodeMeta } from '../../src/engine/meta.ts'
import type { PolicyMark } from '../../src/engine/policy-mark.ts'
import { createRig, START_MS } from '../support/engine-rig.ts'
import { OTHER_POLICY, TOY_POLICY, toyFold } from '../support/toy-fold.ts'

type Rig = ReturnType<typeof createRig>

/** Four slices. */
const MERCHANTS = 30
const SLICES = { commitEventsMax: 9 }
const OTHER = toyFold({}, OTHER_POLICY)

/** Every merchant heard of once, then a silence that TOY_POLICY tells of and OTHER_POLICY does not. */
async function silentFleet(rig: Rig): Promise<ReturnType<Rig['begin']>> {
  for (let n = 0; n < MERCHANTS; n++) rig.append(0, `m${n}`, n)
  const running = rig.begin(SLICES)
  await running.engine.start()
  // Somebody is heard of: the partition is not blind.
  for (let at = 0; at < 6; at++) {
    await rig.pass(4_000)
    rig.append(0, 'x', 5_000 + at)
  }
  await rig.pass(2_500)
  expect(ends(rig)).toHaveLength(0)
  expect(openings(rig)).toHaveLength(MERCHANTS)
  return running
}

const openings = (rig: Rig) =>
  rig.idsOf('warnings').filter((it) => /^m\d+\|\d+\|silence\|opened/.test(it))
const ends = (rig: Rig) => rig.idsOf('warnings').filter((it) => it.includes('silence|resolved'))
const merchantsOf = (ids: readonly string[]) => new Set(ids.map((it) => it.split('|')[0]))

async function markOf(rig: Rig, partition = 0): Promise<PolicyMark | undefined> {
  const loaded = await rig.stores.plain().load(partition)
  return loaded === undefined ? undefined : decodeMeta(loaded.meta).policy
}

test('a first start notes the policy; nobody has to be judged anew', async () => {
  const rig = createRig()
  rig.append(0, 'm1', 1)
  const { engine } = rig.begin()
  await engine.start()
  await rig.pass(2_000)
  expect(await markOf(rig)).toEqual({ hash: 'toy', offset: 0, atMs: 0, isPending: false })
  expect(engine.status().partitions[0]).toMatchObject({ policy: 'toy', waitsFor: [] })
})

test('told of another policy, each account is judged once at one instant, and reading goes on', async () => {
  const rig = createRig()
  const { engine } = await silentFleet(rig)
  const openedMs = openings(rig).map((it) => Number(it.split('|')[4]))
  engine.judgeBy(OTHER)
  await rig.pass(3_000)
  expect(ends(rig)).toHaveLength(MERCHANTS)
  expect(merchantsOf(ends(rig)).size).toBe(MERCHANTS)
  const mark = await markOf(rig)
  expect(mark).toMatchObject({ hash: 'other', offset: MERCHANTS + 6, isPending: false })
  expect(new Set(ends(rig).map((it) => it.split('|')[4]))).toEqual(new Set([`${mark?.atMs}`]))
  // Where the clock stood when it was stored last: after all that was told by then.
  expect(mark?.atMs).toBeGreaterThanOrEqual(Math.max(...openedMs))
  rig.append(0, 'm7', 9_000)
  await rig.pass(1_000)
  expect(engine.status().partitions[0]).toMatchObject({
    ...{ policy: 'other', waitsFor: [], position: MERCHANTS + 7 },
  })
})

test('records that come meanwhile wait, and none is lost', async () => {
  const rig = createRig()
  const { engine } = await silentFleet(rig)
  for (let n = 0; n < MERCHANTS; n++) {
    rig.append(0, `m${n}`, 9_000 + n)
    if (n === 10) engine.judgeBy(OTHER)
    await rig.pass(10)
  }
  await rig.pass(9_000)
  expect(engine.status().partitions[0]?.position).toBe(2 * MERCHANTS + 6)
  const said = rig.idsOf('warnings')
  expect(new Set(said).size).toBe(said.length)
  // Ended by their record, or by the policy.
  expect(merchantsOf(ends(rig)).size).toBe(MERCHANTS)
  expect(ends(rig)).toHaveLength(MERCHANTS)
})

test('under a load that never lets up it comes at a batch boundary, not at the end', async () => {
  const rig = createRig()
  // With every few records the clock enters another bucket of the due index.
  const total = 4_000
  for (let n = 0; n < total; n++) {
    rig.append(0, `m${n % MERCHANTS}`, n, START_MS - 10_000_000 + n * 2_000)
  }
  // While it looks there, the next batch has come.
  const store = (plain: StateStore): StateStore => ({
    ...plain,
    due: async (partition, bucket) => {
      await new Promise<void>((resolve) => rig.world.after(2_000, resolve))
      return plain.due(partition, bucket)
    },
  })
  const { engine } = rig.begin({ ...SLICES, dueBucketMs: 5_000 }, { store })
  await engine.start()
  while ((engine.status().partitions[0]?.position ?? 0) < 200) await rig.pass(10)
  engine.judgeBy(OTHER)
  for (let ms = 0; (await markOf(rig))?.hash !== 'other' && ms < 600_000; ms += 100) {
    await rig.pass(100)
  }
  expect((await markOf(rig))?.offset).toBeLessThan(total / 4)
})

test('what was due before the change is told by the policy before it', async () => {
  const rig = createRig()
  const { engine } = rig.begin({ proofBusyMs: 10_000 })
  await engine.start()
  rig.append(0, 'm1', 1)
  await rig.pass(12_000)
  // The clock passes the silence of m1 with a record of another; nobody has swept yet.
  rig.append(0, 'm2', 2, rig.world.nowMs() + 11_000)
  await rig.pass(200)
  expect(openings(rig)).toEqual([])
  const { before: _, ...forgetful } = OTHER_POLICY
  engine.judgeBy(toyFold({}, forgetful))
  await rig.pass(3_000)
  const dueMs = START_MS + TOY_POLICY.silentMs[0]!
  expect(openings(rig)).toHaveLength(1)
  expect(Math.abs(Number(openings(rig)[0]?.split('|')[4]) - dueMs)).toBeLessThan(100)
  expect(ends(rig)).toHaveLength(1)
})

/** Ends a process that is about to commit another slice. */
function dyingAfter(slices: number, die: () => void) {
  let left = slices
  return (plain: StateStore): StateStore => ({
    ...plain,
    commit: async (partition, commit: Commit) => {
      if (left-- > 0) return plain.commit(partition, commit)
      die()
      return new Promise<never>(() => {})
    },
  })
}

test.each([0, 1, 3])('a crash after %i slices goes on at the same instant', async (slices) => {
  const rig = createRig()
  const first = await silentFleet(rig)
  first.process.isCrashed = true
  rig.topic.leave(first.process)
  // Changed while nobody ran: found at the start.
  const dying: { process?: { isCrashed: boolean } } = {}
  const store = dyingAfter(slices, () => (dying.process!.isCrashed = true))
  const second = rig.begin(SLICES, { fold: OTHER, store })
  dying.process = second.process
  await second.engine.start()
  await rig.pass(2_000)
  rig.topic.leave(second.process)
  const before = await markOf(rig)
  expect(before).toMatchObject(slices === 0 ? { hash: 'toy' } : { hash: 'other', isPending: true })

  const third = rig.begin(SLICES, { fold: OTHER })
  await third.engine.start()
  await rig.pass(3_000)
  const after = await markOf(rig)
  expect(after).toMatchObject({ hash: 'other', isPending: false })
  if (slices > 0) expect(after).toEqual({ ...before, isPending: false })
  expect(ends(rig)).toHaveLength(MERCHANTS)
  expect(new Set(ends(rig).map((it) => it.split('|')[4]))).toEqual(new Set([`${after?.atMs}`]))
  const sequences = new Set(ends(rig).map((it) => it.split('|')[1]))
  expect(sequences).toEqual(new Set(['2']))
})

test('a store that is away in between is waited for', async () => {
  const rig = createRig()
  const first = await silentFleet(rig)
  first.process.isCrashed = true
  rig.topic.leave(first.process)
  let isAway = true
  const store = (plain: StateStore): StateStore => ({
    ...plain,
    fields: async (partition, from) => {
      if (isAway) throw new Unavailable('gone')
      return plain.fields(partition, from)
    },
  })
  const { engine } = rig.begin(SLICES, { fold: OTHER, store })
  await engine.start()
  await rig.pass(60_000)
  expect(engine.status()).toMatchObject({ isLive: true, partitions: [{ waitsFor: ['policy'] }] })
  isAway = false
  await rig.pass(4_000)
  expect(engine.status().partitions[0]).toMatchObject({ waitsFor: [] })
  expect(ends(rig)).toHaveLength(MERCHANTS)
})

test('a third policy while the second is still judging: the last one wins, at a later instant', async () => {
  const rig = createRig()
  const { engine } = await silentFleet(rig)
  engine.judgeBy(OTHER)
  for (let ms = 0; (await markOf(rig))?.isPending !== true && ms < 3_000; ms++) await rig.pass(1)
  const between = await markOf(rig)
  expect(between).toMatchObject({ hash: 'other', isPending: true })
  engine.judgeBy(toyFold({}, { ...TOY_POLICY, hash: 'third' }))
  await rig.pass(4_000)
  const mark = await markOf(rig)
  expect(mark).toMatchObject({ hash: 'third', isPending: false, offset: between?.offset })
  expect(mark?.atMs).toBeGreaterThan(between!.atMs)
  const said = rig.idsOf('warnings')
  expect(new Set(said).size).toBe(said.length)
  // Whom the second had got round to was told twice: its silence ended, and stands again.
  expect(openings(rig)).toHaveLength(MERCHANTS + ends(rig).length)
  expect(ends(rig).length).toBeLessThan(MERCHANTS)
})

test('a state that does not say what judged it is judged anew', async () => {
  const rig = createRig()
  const first = await silentFleet(rig)
  first.process.isCrashed = true
  rig.topic.leave(first.process)
  const store = (plain: StateStore): StateStore => ({
    ...plain,
    load: async (partition) => {
      const loaded = await plain.load(partition)
      if (loaded === undefined) return undefined
      const meta = encodeMeta({ ...decodeMeta(loaded.meta), policy: undefined })
      return { ...loaded, meta }
    },
  })
  const { engine } = rig.begin(SLICES, { store })
  await engine.start()
  await rig.pass(3_000)
  expect(await markOf(rig)).toMatchObject({ hash: 'toy', offset: MERCHANTS + 6, isPending: false })
  expect(ends(rig)).toEqual([])
})

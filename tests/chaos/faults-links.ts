/** What befalls the way between an instance and what it depends on. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Prng } from '../support/prng.ts'
import type { TcpProxy, Toxics } from '../support/tcp-proxy.ts'
import { between } from './world.ts'
import type { Fault, World } from './world.ts'

const lane = 'dependencies' as const

/** By instance: one proxy for each server that is reached. */
type Links = readonly (readonly TcpProxy[])[]

/** Of one instance, or of all. */
function some(links: Links, dice: Prng): readonly TcpProxy[] {
  return dice.chance(0.5) ? links.flat() : (links[dice.below(links.length)] ?? [])
}

async function poisoned(
  links: readonly TcpProxy[],
  toxics: Partial<Toxics>,
  ms: number,
): Promise<void> {
  for (const link of links) link.set(toxics)
  await sleep(ms)
  for (const link of links) link.set({})
}

const WAYS = ['requests', 'replies', 'both'] as const
const NARROW_BYTES = 32_000

type Link = Readonly<{ to: string; of: (world: World) => Links }>

const LINKS: readonly Link[] = [
  { to: 'Redis', of: ({ redisLinks }) => redisLinks.map((it) => [it]) },
  { to: 'Kafka', of: ({ brokers }) => brokers.links },
]

function faultsOf({ to, of }: Link): readonly Fault[] {
  const name = (what: string): string => `link to ${to}: ${what}`
  return [
    {
      ...{ name: name('reset'), rows: 'F31 F44', lane, share: 1 },
      befall: async (world, dice) => {
        for (let times = 1 + dice.below(4); times > 0; times--) {
          for (const link of some(of(world), dice)) link.reset()
          await sleep(between(dice, 50, 1_000))
        }
      },
    },
    {
      ...{ name: name('cut in the middle of a request'), rows: 'F31', lane, share: 1 },
      befall: async (world, dice) => {
        for (let times = 1 + dice.below(4); times > 0; times--) {
          for (const link of some(of(world), dice)) link.cutRequestAfter(1 + dice.below(50_000))
          await sleep(between(dice, 200, 1_000))
        }
        for (const link of of(world).flat()) link.set({})
      },
    },
    {
      ...{ name: name('reply lost'), rows: 'F2 F21 F30', lane, share: 2 },
      befall: async (world, dice) => {
        for (let times = 1 + dice.below(6); times > 0; times--) {
          for (const link of some(of(world), dice)) link.loseNextReply()
          await sleep(between(dice, 100, 800))
        }
        for (const link of of(world).flat()) link.set({})
      },
    },
    {
      ...{ name: name('black hole'), rows: 'F29 F44', lane, share: 2 },
      befall: (world, dice) => {
        const silent = WAYS[dice.below(WAYS.length)] ?? 'both'
        return poisoned(some(of(world), dice), { silent }, between(dice, 2_000, 14_000))
      },
    },
    {
      ...{ name: name('latency'), rows: 'F41', lane, share: 1 },
      befall: (world, dice) => {
        const toxics = { latencyMs: between(dice, 5, 200), jitterMs: between(dice, 0, 200) }
        return poisoned(some(of(world), dice), toxics, between(dice, 3_000, 8_000))
      },
    },
    {
      ...{ name: name('256 kbit/s'), rows: 'F42', lane, share: 1 },
      befall: (world, dice) => {
        const toxics = { bytesPerSecond: NARROW_BYTES }
        return poisoned(some(of(world), dice), toxics, between(dice, 3_000, 8_000))
      },
    },
  ]
}

/** Links cut one after another, and healed in another order. */
const SWIZZLE: Fault = {
  ...{ name: 'links cut one by one, healed at random', rows: 'F45', lane, share: 1 },
  befall: async (world, dice) => {
    const links = LINKS.flatMap(({ of }) => of(world).flat())
    const inAnyOrder = () => links.toSorted(() => dice.fraction() - 0.5)
    for (const link of inAnyOrder()) {
      link.set({ silent: 'both' })
      await sleep(between(dice, 100, 1_500))
    }
    for (const link of inAnyOrder()) {
      link.set({})
      await sleep(between(dice, 100, 1_500))
    }
  },
}

export const LINK_FAULTS: readonly Fault[] = [...LINKS.flatMap(faultsOf), SWIZZLE]

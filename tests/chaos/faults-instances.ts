/** What befalls the processes of the service themselves. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Prng } from '../support/prng.ts'
import { between } from './world.ts'
import type { Fault, Kills, World } from './world.ts'

/** Longer than the session of a group's member. */
const SESSION_MS = 10_000

const lane = 'instances' as const

const one = ({ instances }: World, dice: Prng): number => dice.below(instances.count)

async function killed(
  { instances }: World,
  which: number,
  isTold: boolean,
  kills: Kills,
): Promise<void> {
  kills.instance++
  await instances.kill(which, isTold)
  instances.start(which)
}

export const INSTANCE_FAULTS: readonly Fault[] = [
  {
    ...{ name: 'instance killed', rows: 'F1 F3', lane, share: 8 },
    befall: (world, dice, kills) => killed(world, one(world, dice), true, kills),
  },
  {
    ...{ name: 'instance killed, group not told', rows: 'F1', lane, share: 1 },
    befall: (world, dice, kills) => killed(world, one(world, dice), false, kills),
  },
  {
    ...{ name: 'all instances killed', rows: 'F3', lane, share: 1 },
    befall: async (world, _dice, kills) => {
      const all = Array.from({ length: world.instances.count }, (_, at) => at)
      await Promise.all(all.map((which) => killed(world, which, true, kills)))
    },
  },
  {
    ...{ name: 'instance stopped beyond its session', rows: 'F4 F19', lane, share: 1 },
    befall: async (world, dice) => {
      const which = one(world, dice)
      world.instances.pause(which)
      await sleep(SESSION_MS + between(dice, 500, 3_000))
      world.instances.resume(which)
    },
  },
  {
    ...{ name: 'instance restarted (SIGTERM)', rows: 'F64', lane, share: 2 },
    befall: async (world, dice) => {
      const which = one(world, dice)
      await world.instances.term(which)
      world.instances.start(which)
    },
  },
  // Only of a group without members: so it is a matter of the instances, too.
  {
    ...{ name: 'group: offsets deleted', rows: 'F17', lane, share: 1 },
    befall: async ({ admin, instances, names }) => {
      const all = Array.from({ length: instances.count }, (_, at) => at)
      await Promise.all(all.map((which) => instances.term(which)))
      // Refused while somebody is still in it.
      await admin.deleteGroups([names.groupId]).catch(() => {})
      for (const which of all) instances.start(which)
    },
  },
]

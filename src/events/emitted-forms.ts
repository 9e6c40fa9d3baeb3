/** Closed lists of what we send: a new word in one of them is a new version of the contract. */
import { z } from 'zod'

/** In ascending order. */
export const STAGES = ['notice', 'warning', 'final-warning', 'consequence-due'] as const
export const RESOLUTIONS = [
  'cleared',
  'reviewed',
  'superseded',
  'rolled-up',
  'policy-changed',
] as const
export const CONSEQUENCES = [
  'suspension',
  'deregistration',
  'payout-hold',
  'cancellation-blocked',
  'outage',
  'none',
] as const

export const policyHash = z
  .string()
  .regex(/^[0-9a-f]{12}$/)
  .describe('Of the effective profile: another one, other limits.')

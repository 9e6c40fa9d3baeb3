/** What a policy file may say. The limits themselves each detector's own schema knows. */
import { z } from 'zod'
import { isCurrency } from '../events/currencies.ts'
import { mccForm, nameForm, zoneForm, countryForm } from './forms.ts'

const selectForm = z
  .strictObject({
    tenant: z.array(z.string().min(1)).min(1).optional(),
    mcc: z.array(mccForm).min(1).optional(),
    country: z.array(countryForm).min(1).optional(),
  })
  .refine((select) => Object.keys(select).length > 0, 'names nobody')
export type Select = z.output<typeof selectForm>

const entryFields = {
  /** Absent: as the base has it, else armed. */
  armed: z.boolean(),
  limits: z.record(z.string(), z.unknown()),
  /** Of a detector with one clock; one with several has `ladders`, by the clock's name. */
  ladder: z.unknown(),
  ladders: z.record(z.string(), z.unknown()),
  source: z.string().min(1),
}
const fields = {
  extends: nameForm,
  select: selectForm,
  currency: z.string().refine(isCurrency, 'is no ISO 4217 currency, as CNY is one'),
  zone: zoneForm,
  calendar: nameForm,
}

/** What a file must be. */
export const policyForm = z.strictObject({
  profile: nameForm,
  ...z.object(fields).partial().shape,
  detectors: z.record(z.string(), z.strictObject(entryFields).partial()).optional(),
})

const entrySalvage = salvage(entryFields)

/** What is right in a file that is partly wrong, so that all else in it is judged too. */
export const policySalvage = z.object({
  profile: nameForm.catch(''),
  ...salvage(fields).shape,
  detectors: z.record(z.string(), entrySalvage.catch({})).catch({}),
})
export type PolicyFile = z.output<typeof policySalvage>

type Salvage<Fields extends z.core.$ZodLooseShape> = z.ZodObject<{
  [Key in keyof Fields]: z.ZodOptional<z.ZodCatch<z.ZodOptional<Fields[Key]>>>
}>

function salvage<Fields extends Readonly<Record<string, z.ZodType>>>(
  shape: Fields,
): Salvage<Fields> {
  const parts = Object.entries(shape).map(([key, form]) => [
    key,
    form.optional().catch(undefined).optional(),
  ])
  return z.object(Object.fromEntries(parts)) as Salvage<Fields>
}

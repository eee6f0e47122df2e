import * as z from 'zod/mini';
import {sensitivities} from './case.js';
import {
  daySchema,
  kleSchema,
  momentSchema,
  recordRefSchema,
  resourceOf,
  staffSchema,
  titledRefSchema,
} from './records.js';

/** States of a grant: Bevilling `Aktiv, Inaktiv, Passiv`. */
export const grantStates = ['active', 'inactive', 'passive'] as const;
/** One of {@link grantStates}. */
export type GrantState = (typeof grantStates)[number];

/** Danish kroner as the source wrote them, e.g. `-1250.50`: a text, because money is not a floating-point number. */
export const amountSchema = z.string().check(z.regex(/^-?\d{1,15}(?:\.\d{1,9})?$/));

/** First and last day of a period; without `to` it runs on. */
const periodShape = {from: z.optional(daySchema), to: z.optional(daySchema)};

/** How a benefit is to be paid out: Økonomisk effektueringsplan. */
export const paymentPlanSchema = z.object({
  ...periodShape,
  /** Of one payment. */
  amount: z.optional(amountSchema),
  /** How often, in the source's words (`Beregningsfrekvens`). */
  frequency: z.optional(z.string()),
  /** `Forud` or `Bagud`. */
  timing: z.catch(z.optional(z.enum(['in-advance', 'in-arrears'])), undefined),
});

/** A benefit that is granted: BevilgetYdelse. */
export const benefitSchema = z.object({
  /** What the source calls it within the grant; payments refer to it. */
  id: z.optional(z.string()),
  name: z.string(),
  kle: z.optional(kleSchema),
  ...periodShape,
  /** Why, in the source's words. */
  reason: z.optional(z.string()),
  /** Whether it must be paid back. */
  repayable: z.optional(z.boolean()),
  plans: z.optional(z.array(paymentPlanSchema)),
});

/** A grant of any source: Bevilling, with the benefits that it gives. */
export const grantSchema = z.object({
  ref: recordRefSchema,
  number: z.optional(z.string()),
  status: z.object({
    /** Absent when the source's word has no known state. */
    state: z.catch(z.optional(z.enum(grantStates)), undefined),
    /** The source's own word, where it gives one; else the state follows from the period. */
    native: z.optional(z.string()),
  }),
  ...periodShape,
  reason: z.optional(z.string()),
  benefits: z.array(benefitSchema),
  case: z.optional(titledRefSchema),
  responsible: z.optional(staffSchema),
  changedAt: momentSchema,
  sensitivity: z.catch(z.enum(sensitivities), 'unknown'),
});
/** See {@link grantSchema}. */
export type Grant = z.infer<typeof grantSchema>;

/** What one payment pays of one benefit: Økonomisk ydelseseffektuering. */
export const paymentPartSchema = z.object({
  title: z.optional(z.string()),
  kle: z.optional(kleSchema),
  ...periodShape,
  amount: z.optional(amountSchema),
  /** The grant that it comes from, and the benefit's `id` there. */
  grant: z.optional(titledRefSchema),
  benefit: z.optional(z.string()),
});

/** A payment of any source: Økonomisk effektuering. */
export const paymentSchema = z.object({
  ref: recordRefSchema,
  number: z.optional(z.string()),
  ...periodShape,
  /** The day on which the money is there: Dispositionsdato. */
  paidAt: z.optional(daySchema),
  /** Before and after tax and ATP, sent to be paid, paid. */
  gross: z.optional(amountSchema),
  net: z.optional(amountSchema),
  sent: z.optional(amountSchema),
  paid: z.optional(amountSchema),
  /** What the source says of the way of the money, in its words. */
  native: z.optional(z.string()),
  department: z.optional(z.string()),
  parts: z.array(paymentPartSchema),
  changedAt: momentSchema,
  sensitivity: z.catch(z.enum(sensitivities), 'unknown'),
});
/** See {@link paymentSchema}. */
export type Payment = z.infer<typeof paymentSchema>;

/** The resource `grants`. */
export const grantsResource = resourceOf<Grant>('grants', grantSchema);
/** The resource `payments`. */
export const paymentsResource = resourceOf<Payment>('payments', paymentSchema);

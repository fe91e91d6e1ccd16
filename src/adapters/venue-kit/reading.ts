/** Reading what a stranger sent: every reader answers undefined instead of throwing. */
import type { z } from 'zod'
import { isPositive, parseDecimal, type Money, type Price, type Quantity, type Rate } from '../../domain/decimal.ts'

/** Reads a row by its schema. */
export const reader =
  <T>(schema: z.ZodType<T>) =>
  (row: unknown): T | undefined => {
    const read = schema.safeParse(row)
    return read.success ? read.data : undefined
  }

/** A positive decimal: venues write "0" for "no price". */
export const readPrice = (text: string | undefined): Price | undefined => {
  const value = text === undefined ? undefined : parseDecimal(text)
  return value === undefined || !isPositive(value) ? undefined : (value as string as Price)
}
/** A decimal that is not below zero, or undefined. */
export const readQuantity = (text: string | undefined): Quantity | undefined => (text === undefined || text.startsWith('-') ? undefined : (parseDecimal(text) as Quantity | undefined))
export const readMoney = (text: string | undefined): Money | undefined => (text === undefined ? undefined : (parseDecimal(text) as Money | undefined))
export const readRate = (text: string | undefined): Rate | undefined => (text === undefined ? undefined : (parseDecimal(text) as Rate | undefined))

/** The fields that are there. */
export const present = <T extends object>(fields: { readonly [K in keyof T]: T[K] | undefined }): Partial<T> => {
  const there: Partial<T> = {}
  for (const name in fields) if (fields[name] !== undefined) there[name] = fields[name]
  return there
}

export const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** A text that says something. */
export const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

export const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

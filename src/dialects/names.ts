export const dialectNames = ['standard', 'modmed', 'mof', 'veradigm', 'integra'] as const

export type DialectName = (typeof dialectNames)[number]

import type { See } from '#access'

/** The operator of the command line sees all of a practice. */
export const everything: See = () => ({ any: [{ where: [], hidden: [] }] })

import { type Database, sql } from '#db'

export interface SigningKey {
  readonly number: number
  readonly kid: string
  /** PKCS #8, as it is stored: sealed where the installation has a key for that. */
  readonly privateKey: string
  /** JWK */
  readonly publicKey: Readonly<Record<string, unknown>>
  /** Milliseconds since 1970 from which on it signs. */
  readonly beginsAt: number
}

/** A practice's keys, the newest first; enough of them for every key that may still be in use. */
export async function signingKeys(db: Database, practice: number): Promise<SigningKey[]> {
  const rows = await db.many<SigningKey & { begins: string }>(sql`
    select number, kid, private_key as "privateKey", public_key as "publicKey", extract(epoch from begins_at) as begins
    from signing_key where practice = ${practice} order by number desc limit 4
  `)
  return rows.map(({ begins, ...key }) => ({ ...key, beginsAt: Number(begins) * 1000 }))
}

/** Adds a key, unless another process has added the one of this number. */
export async function addSigningKey(db: Database, practice: number, key: SigningKey): Promise<void> {
  await db.run(sql`
    insert into signing_key (practice, number, kid, private_key, public_key, begins_at)
    values (${practice}, ${key.number}, ${key.kid}, ${key.privateKey}, ${JSON.stringify(key.publicKey)}::jsonb, to_timestamp(${key.beginsAt / 1000}))
    on conflict do nothing
  `)
}

/** The keys that are not sealed as they would be now, which `prefix` tells. */
export function keysSealedOtherwise(db: Database, practice: number, prefix: string): Promise<PrivateKey[]> {
  return db.many<PrivateKey>(sql`
    select kid, private_key as "privateKey" from signing_key
    where practice = ${practice} and not starts_with(private_key, ${prefix})
  `)
}

/** Puts another form of a private key in the place of the one that is stored. */
export async function replacePrivateKey(
  db: Database,
  practice: number,
  { kid, privateKey, by }: PrivateKey & { readonly by: string },
): Promise<void> {
  await db.run(sql`
    update signing_key set private_key = ${by}
    where practice = ${practice} and kid = ${kid} and private_key = ${privateKey}
  `)
}

export type PrivateKey = Pick<SigningKey, 'kid' | 'privateKey'>

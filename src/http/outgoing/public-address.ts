/**
 * Which addresses the server may call for others (S-12): those of the public internet, so that no URL of theirs reaches what
 * stands beside it. https://www.iana.org/assignments/iana-ipv4-special-registry
 */
import { BlockList, isIPv6 } from 'node:net'

// biome-ignore format: a table
const specialV4 = [
  ['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12],
  ['192.0.0.0', 24], ['192.0.2.0', 24], ['192.88.99.0', 24], ['192.168.0.0', 16], ['198.18.0.0', 15],
  ['198.51.100.0', 24], ['203.0.113.0', 24], ['224.0.0.0', 3],
] as const

/** Within 2000::/3, which alone is public: Teredo and its kin, documentation, 6to4. */
const specialV6 = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const

const special = new BlockList()
for (const [network, bits] of specialV4) special.addSubnet(network, bits, 'ipv4')
for (const [network, bits] of specialV6) special.addSubnet(network, bits, 'ipv6')

const publicV6 = new BlockList()
publicV6.addSubnet('2000::', 3, 'ipv6')

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/** Whether the server may connect to an address; in development to this machine, too. */
export function mayCall(address: string, isDevelopment: boolean): boolean {
  const family = isIPv6(address) ? 'ipv6' : 'ipv4'
  if (isDevelopment && loopback.check(address, family)) return true
  if (special.check(address, family)) return false
  return family === 'ipv4' || publicV6.check(address, 'ipv6')
}

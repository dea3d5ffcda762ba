/**
 * When a destination counts as common: so many local hosts use it. A twentieth of the network, but not fewer than six
 * hosts (an intrusion may have reached a few) and not more than twenty (nobody runs one implant on so many unseen).
 */
export function commonHosts(networkSize: number): number {
  return Math.max(2, Math.min(networkSize, Math.max(6, Math.min(20, Math.ceil(networkSize / 20)))));
}

/** The same as SQL over an expression that gives the network's size. */
export function commonHostsSql(networkSize: string): string {
  return `greatest(2, least(${networkSize}, greatest(6, least(20, ceil(${networkSize} / 20.0)))))`;
}

/** Below so many hosts nothing can be said about who else uses a destination. */
const tellingNetworkSize = 3;

/**
 * 1 for a destination of one host, 0 for a common one, in between by the logarithm of the number of hosts. Undefined in
 * a network that is too small to tell.
 */
export function rarityOf(hosts: number, networkSize: number): number | undefined {
  if (networkSize < tellingNetworkSize) return undefined;
  if (hosts <= 1) return 1;
  return Math.max(0, 1 - Math.log(hosts) / Math.log(commonHosts(networkSize)));
}

/**
 * Ports that a server is likely to have (Zeek's likely_server_ports: the ports of all its analyzers): where a capture begins in
 * the middle of a connection, they tell who opened it.
 */
const tcpPorts = [
  21, 22, 25, 53, 80, 81, 88, 102, 143, 389, 443, 445, 502, 563, 585, 587, 614, 631, 636, 989, 990, 992, 993, 994, 995,
  1080, 1433, 1434, 1883, 2811, 3128, 3268, 3306, 3389, 5060, 5061, 5222, 5223, 5269, 5432, 5900, 6379, 6666, 6667,
  6668, 6669, 7000, 8000, 8080, 8443, 8888, 20_000, 23, 110, 139,
];
const udpPorts = [
  53, 67, 69, 88, 123, 137, 161, 162, 389, 443, 514, 1812, 1813, 2123, 2152, 3389, 3544, 4011, 4789, 5060, 5353, 5355,
  5072, 6081, 20_000, 853, 5683, 1645,
];

const tcp = bitmapOf(tcpPorts);
const udp = bitmapOf(udpPorts);

export function isLikelyTcpServer(port: number): boolean {
  return tcp[port] === 1;
}

export function isLikelyUdpServer(port: number): boolean {
  return udp[port] === 1;
}

function bitmapOf(ports: readonly number[]): Uint8Array {
  const bitmap = new Uint8Array(65_536);
  for (const port of ports) bitmap[port] = 1;
  return bitmap;
}

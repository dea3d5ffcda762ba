/** Ports on which TLS or HTTP is nothing unusual (IANA service names http, https and their usual alternates). */
const webPorts: ReadonlySet<number> = new Set([80, 443, 8080, 8443, 3128]);

/** True for a TCP port that web traffic does not use as a rule: ATT&CK T1571 asks for the mismatch. */
export function isOddWebPort(port: number): boolean {
  return port > 0 && !webPorts.has(port);
}

/** `tcp/443`; the protocol alone where the port says nothing. */
export function portText(transport: string, port: number): string {
  return port < 0 ? transport : `${transport}/${port}`;
}

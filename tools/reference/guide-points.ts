export interface GuidePoint {
  readonly id: string;
  readonly text: string;
}

/** What a guide to safer containers asks for. The ids are stable: definitions name the points that they serve. */
export const containerPoints: readonly GuidePoint[] = [
  { id: 'C01', text: 'No root inside the container, and no root needed to run it.' },
  { id: 'C02', text: 'Each container does one job only.' },
  { id: 'C03', text: 'No SSH server inside a container.' },
  { id: 'C04', text: 'Few shared folders, sockets and devices between containers and the host.' },
  { id: 'C05', text: 'What a container does not need is off, its network first of all.' },
  { id: 'C06', text: 'Small base images.' },
  { id: 'C07', text: "The engine's API is guarded: its Unix sockets, and TCP 2375 and 2376." },
  { id: 'C08', text: 'Engine and containers are kept up to date.' },
  { id: 'C09', text: 'No privileged containers and no added capabilities.' },
  { id: 'C10', text: 'Only images from known makers, signed and verified.' },
  { id: 'C11', text: 'Signatures made with cosign are verified.' },
  { id: 'C12', text: 'Signatures of content trust are verified.' },
  { id: 'C13', text: 'A valid signature is not taken as proof of a clean image.' },
  { id: 'C14', text: 'What containers log is collected in one place and searched for attacks and deviations.' },
  { id: 'C15', text: 'Falco or auditd watches the engine and single containers.' },
  { id: 'C16', text: "Audit watches on the engine's binaries, data, configuration, unit and socket." },
  { id: 'C17', text: "Each container's network traffic is logged and analysed." },
  { id: 'C18', text: 'Logs of applications, systems and performance stay apart, each with its own retention.' },
  { id: 'C19', text: 'Images are scanned for known vulnerabilities.' },
  { id: 'C20', text: 'Several scanners are compared on one image.' },
  {
    id: 'C21',
    text: 'Another layer of isolation around containers, such as a virtual machine or a user-space kernel.',
  },
  { id: 'C22', text: 'Forensics in containers is practised: a breached container, a breached host.' },
  { id: 'C23', text: 'Everything collected can be searched for indicators of compromise.' },
  { id: 'C24', text: 'Published ports that go past the host firewall (UFW) are found.' },
  { id: 'C25', text: 'Every container has a bill of materials.' },
  { id: 'C26', text: 'A register of all containers and images in use.' },
];

/** What a guide to finding backdoors asks for. */
export const backdoorPoints: readonly GuidePoint[] = [
  {
    id: 'B01',
    text: 'Behaviour that deviates: a good backdoor is narrow and mostly asleep, and still gives itself away.',
  },
  { id: 'B02', text: 'The ways in: supply chain, updates, downloads, packages, mail, hardware, insiders.' },
  { id: 'B03', text: 'Processes and drivers that come and go on clients and servers are collected.' },
  { id: 'B04', text: 'Log lines are enriched and put into context.' },
  { id: 'B05', text: 'Windows hosts, through Sysmon.' },
  { id: 'B06', text: 'Linux hosts, through Falco and auditd.' },
  { id: 'B07', text: 'Any host, through osquery.' },
  { id: 'B08', text: 'Hosts through Velociraptor.' },
  { id: 'B09', text: 'Changes to binaries and configuration are noticed.' },
  { id: 'B10', text: 'Scheduled jobs are looked through.' },
  { id: 'B11', text: 'What starts with the system is looked through.' },
  { id: 'B12', text: 'Beacons in network traffic, also slow and jittered ones.' },
  { id: 'B13', text: 'Decrypted traffic of a TLS inspection is used, with its risks known.' },
  { id: 'B14', text: 'Zeek, Suricata, Arkime and TLS fingerprints.' },
  { id: 'B15', text: 'Known command-and-control servers, from current lists of addresses and names.' },
  { id: 'B16', text: 'Data that flows out, also split and spread over a long time.' },
  { id: 'B17', text: 'DNS as a channel.' },
  { id: 'B18', text: 'Social media and other well-known services as a channel.' },
  { id: 'B19', text: 'Data hidden in pictures and other files.' },
  { id: 'B20', text: 'Remote systems are looked up on purpose, to see what they are.' },
  { id: 'B21', text: 'Active fingerprints of servers (JARM), and care for what the law allows.' },
  { id: 'B22', text: 'Exercise: Log4Shell against an exposed system, followed by a backdoor.' },
  { id: 'B23', text: 'Exercise: software that phones home over its update channel.' },
  { id: 'B24', text: 'Exercise: exfiltration over DNS.' },
  { id: 'B25', text: 'Exercise: a small computer hidden in network equipment.' },
  { id: 'B26', text: 'Backdoors are kept from arriving, and from talking out.' },
  { id: 'B27', text: 'Backdoors deep inside an existing component.' },
];

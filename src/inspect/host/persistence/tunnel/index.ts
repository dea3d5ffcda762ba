import { nameOf } from '../../../tree/tree.ts';
import { executableSigns, processItem } from '../../process-item.ts';
import { defineTechnique, type Sign } from '../../technique.ts';

const tools =
  /^(?:chisel|frpc|frps|ngrok|cloudflared|gost|bore|rathole|ligolo(?:-ng)?|sshuttle|dnscat2?|iodine|ptunnel|stunnel\d?|pwncat|revsocks|rpivot|localtunnel|zrok|pagekite\.py|tailscaled|tor|i2pd)$/;

export const technique = defineTechnique({
  id: 'tunnel',
  title: 'Tunnels to the outside',
  description:
    'Running tunnels: ssh that opens a port on the far side or a proxy, socat that forwards, and tools made for it. Administrators use them too: a tunnel counts little unless its program is odd.',
  places: ['/proc/*/cmdline'],
  attack: ['T1572'],
  guide: ['B12', 'B20'],
  references: ['https://attack.mitre.org/techniques/T1572/'],
  needs: 'live',
  *find(context) {
    for (const process of context.live?.processes() ?? []) {
      const program = nameOf(process.executable ?? process.argv[0] ?? '');
      const line = process.argv.join(' ').slice(0, 300);
      const isSsh =
        program === 'ssh' && process.argv.some((word) => /^-[a-zA-Z]*[RDw]/.test(word) || /^RemoteForward/i.test(word));
      const isSocat =
        program === 'socat' && /\b(?:tcp|udp|openssl|tcp[46])[^\s]*:/i.test(line) && process.argv.length > 2;
      if (!isSsh && !isSocat && !tools.test(program)) continue;
      const signs: Sign[] = [{ what: 'tunnels to the outside', value: line, weight: 0.25 }];
      yield processItem(process, context, { title: 'tunnel', signs: [...signs, ...executableSigns(process, context)] });
    }
  },
});

import { mountsOf } from '../../proc/mounts.ts';
import { defineTechnique } from '../../technique.ts';

/** Places that nothing is mounted over, but to hide or to replace what stands there. */
const guarded =
  /^\/(?:usr\/s?bin|s?bin|usr\/lib|lib|etc\/(?:passwd|shadow|group|sudoers|pam\.d|ssh|cron[^/]*|ld\.so\.preload|systemd)|var\/log(?:\/(?!journal\b)[^/]+)?$|var\/spool\/cron|root\/\.ssh)(?:\/|$)/;
/** Container engines put these over the ones of the image; snapd and systemd mount theirs. */
const usual =
  /^\/etc\/(?:hosts|hostname|resolv\.conf)$|^\/usr\/lib\/(?:modules|firmware|wsl|snapd|x86_64-linux-gnu\/(?:libnvidia|libcuda)\S*)(?:\/|$)|^\/usr\/bin\/nvidia-|\/lib\/modules(?:\/|$)/;

export const technique = defineTechnique({
  id: 'hidden-mount',
  title: 'Mounts that hide something',
  description:
    'Mounts over programs, settings, logs and spools of the system: what stood there cannot be seen any more.',
  places: ['/proc/self/mountinfo'],
  attack: ['T1564.013'],
  guide: ['B27'],
  references: ['https://attack.mitre.org/techniques/T1564/013/'],
  needs: 'live',
  *find({ live }) {
    if (live?.isWholeHost !== true) return;
    for (const { point, type, source, root } of mountsOf(live.proc, 'self')) {
      if (!guarded.test(point) || usual.test(point)) continue;
      yield {
        path: point,
        title: 'mount over a part of the system',
        unowned: 0,
        isJudgedAnyway: true,
        signs: [{ what: 'covers what stood there', value: `${type} ${source} ${root}`, weight: 0.5 }],
      };
    }
  },
});

import { quality, same, without, type PeerCheck } from './list.ts';

/** hadolint's rules; those of ShellCheck (SC…) are about scripts, and none of them is about safety. */
export const hadolint: readonly PeerCheck[] = [
  same('DL3002', 'last user', 'root-user'),
  same('DL3003', 'cd in RUN', 'run-cd'),
  same('DL3004', 'sudo', 'sudo'),
  same('DL3006 DL3007', 'tag of the base', 'unpinned-image'),
  without(
    'DL3008 DL3013 DL3016 DL3018 DL3028 DL3033 DL3037 DL3041 DL3062',
    'versions of packages',
    'a fixed version keeps its holes; what is in the image is judged by `image scan`',
  ),
  same('DL3015', 'packages besides', 'package-leftovers'),
  same('DL3019', 'cache of apk', 'package-leftovers'),
  same('DL3020', 'ADD', 'add-instruction'),
  without('DL3026', 'registries that are allowed', 'the policy of `image index`'),
  same('DL3057', 'health check', 'no-healthcheck'),
  same('DL4000', 'MAINTAINER', 'maintainer'),
  {
    ids: ['DL4006'],
    about: 'pipes without pipefail',
    ours: ['remote-script', 'unchecked-download'],
    why: 'the safety of what is piped; the rest is about the quality of a build',
  },
  without(
    'DL1001 DL3000 DL3001 DL3009-DL3012 DL3014 DL3021-DL3025 DL3027 DL3029-DL3032 DL3034-DL3036 DL3038 DL3040 DL3042-DL3056 DL3058-DL3061 DL3063 DL4001 DL4003-DL4005',
    'the rest',
    quality,
  ),
];

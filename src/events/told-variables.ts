/** Variables by which a program gets other code than its own (ld.so(8), and gconv's modules, which are libraries too), or glibc other limits. */
export const loaderVariables = ['LD_PRELOAD', 'LD_AUDIT', 'LD_LIBRARY_PATH', 'GCONV_PATH', 'GLIBC_TUNABLES'] as const;

/** Where a program sends what it asks of the web. */
export const proxyVariables = [
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'http_proxy',
  'https_proxy',
  'ALL_PROXY',
  'all_proxy',
] as const;

import { testUrl } from './url-suite.ts';

testUrl('ioredis 6');

import { pretendInstalled } from './installed.ts';
import { testUrl } from './url-suite.ts';

pretendInstalled('ioredis', 'ioredis5');
testUrl('ioredis 5');

import { pretendInstalled } from './installed.ts';
import { testUrl } from './url-suite.ts';

pretendInstalled('ioredis', undefined);
testUrl('redis 6');

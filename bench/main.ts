console.log('There are no benchmarks yet.', process.argv.slice(2));

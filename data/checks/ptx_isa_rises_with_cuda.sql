-- A newer CUDA release never brings an older PTX ISA.
SELECT 'ptx_isa/' || b.isa || '/' || b.cuda AS key, 'CUDA ' || a.cuda || ' already has PTX ISA ' || a.isa AS message
  FROM ptx_isa a JOIN ptx_isa b ON b.cuda_key > a.cuda_key AND b.isa_key < a.isa_key;

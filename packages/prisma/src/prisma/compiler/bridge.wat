;; The bridge: what can only be made when the query compiler exists, because it uses its memory and its functions.
;;
;; It gives the call log its copying function, fills the compiler's table of constants, and offers the compiler to
;; Python with numbers in the place of references (call_log.wat says which number means what).
;;
;; A call gives (result, records_end, texts_end): the number of the answer, or of the error with the sign bit set; then
;; how far the call log is written.
(module
  (import "compiler" "memory" (memory $compiler 0))
  (import "compiler" "__wbindgen_externrefs" (table $references 0 externref))
  (import "compiler" "__wbindgen_start" (func $compiler_start))
  (import "compiler" "__wbindgen_malloc" (func $malloc (param i32 i32) (result i32)))
  (import "compiler" "__externref_table_dealloc" (func $release (param i32)))
  (import "compiler" "querycompiler_new" (func $new (param externref) (result i32 i32 i32)))
  (import "compiler" "querycompiler_compile" (func $compile (param i32 i32 i32) (result i32 i32 i32)))
  (import "call_log" "copier" (table $copier 1 funcref))
  (import "call_log" "texts" (memory $texts 16))
  (import "call_log" "ends" (func $ends (result i32 i32)))

  (global $handle (mut i32) (i32.const 0))

  (func $copy (param $target i32) (param $source i32) (param $length i32)
    (memory.copy $texts $compiler (local.get $target) (local.get $source) (local.get $length)))
  (elem (table $copier) (i32.const 0) func $copy)

  (func $reference (param $id i32) (result externref)
    (extern.convert_any (ref.i31 (local.get $id))))

  ;; Take the value out of a slot of the table.
  (func $take (param $slot i32) (result i32)
    (local $id i32)
    (local.set $id
      (i31.get_u (ref.cast (ref i31) (any.convert_extern (table.get $references (local.get $slot))))))
    (call $release (local.get $slot))
    (local.get $id))

  ;; The compiler expects undefined, null, true and false, in this order, in four new slots at the end of its table.
  (func (export "start")
    (local $slot i32)
    (local.set $slot (table.grow $references (call $reference (i32.const 0)) (i32.const 4)))
    (table.set $references (i32.const 0) (call $reference (i32.const 0)))
    (table.set $references (i32.add (local.get $slot) (i32.const 1)) (call $reference (i32.const 1)))
    (table.set $references (i32.add (local.get $slot) (i32.const 2)) (call $reference (i32.const 2)))
    (table.set $references (i32.add (local.get $slot) (i32.const 3)) (call $reference (i32.const 3)))
    (call $compiler_start))

  (func $answer (param $ok i32) (param $error i32) (param $failed i32) (result i32 i32 i32)
    (if (result i32) (local.get $failed)
      (then (i32.or (call $take (local.get $error)) (i32.const 0x80000000)))
      (else (call $take (local.get $ok))))
    (call $ends))

  ;; Make the compiler from its parameters; the answer's number means nothing unless it has the sign bit.
  (func (export "new") (param $parameters i32) (result i32 i32 i32)
    (local $error i32) (local $failed i32)
    (call $new (call $reference (local.get $parameters)))
    (local.set $failed) (local.set $error) (global.set $handle)
    (if (result i32) (local.get $failed)
      (then (i32.or (call $take (local.get $error)) (i32.const 0x80000000)))
      (else (i32.const 0)))
    (call $ends))

  ;; Move the request, which Python put behind the end of `texts`, to where the compiler will own it.
  (func $request (param $length i32) (result i32)
    (local $address i32) (local $source i32)
    (call $ends)
    (local.set $source) (drop)
    (local.set $address (call $malloc (local.get $length) (i32.const 1)))
    (memory.copy $compiler $texts (local.get $address) (local.get $source) (local.get $length))
    (local.get $address))

  (func (export "compile") (param $length i32) (result i32 i32 i32)
    (call $compile (global.get $handle) (call $request (local.get $length)) (local.get $length))
    (call $answer)))

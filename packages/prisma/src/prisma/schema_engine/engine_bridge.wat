;; The bridge: what can only be made when the schema engine exists, because it uses its memory and its functions.
;;
;; It gives the module of values its writing functions, fills the engine's table of constants, and offers the engine to
;; Python with numbers in the place of references (values.wat says which number means what). Python puts the engine's
;; function that shall be called into the table `method`.
(module
  (type $method (func (param $engine i32) (param $parameters externref) (result externref)))
  (import "engine" "memory" (memory $engine 0))
  (import "engine" "__wbindgen_externrefs" (table $references 0 externref))
  (import "engine" "__wbindgen_start" (func $engine_start))
  (import "engine" "__wbindgen_malloc" (func $malloc (param i32 i32) (result i32)))
  (import "engine" "__externref_table_alloc" (func $new_slot (result i32)))
  (import "engine" "schemaengine_new" (func $new (param externref externref externref) (result externref)))
  (import "engine" "run_closure" (func $run_closure (param i32 i32 externref)))
  (import "engine" "run_executor" (func $run_executor (param i32 i32 externref externref)))
  (import "values" "writers" (table $writers 3 funcref))
  (import "values" "texts" (memory $texts 1))
  (table $method (export "method") 1 funcref)

  (elem (table $writers) (i32.const 0) func $write_text $write_number $write_nothing)

  ;; A string goes to the engine as an address and a length, a number as a flag and, eight bytes on, an f64.
  (func $write_text (param $target i32) (param $source i32) (param $length i32)
    (local $address i32)
    (local.set $address (call $malloc (local.get $length) (i32.const 1)))
    (memory.copy $engine $texts (local.get $address) (local.get $source) (local.get $length))
    (i32.store $engine (local.get $target) (local.get $address))
    (i32.store $engine offset=4 (local.get $target) (local.get $length)))

  (func $write_number (param $target i32) (param $number f64)
    (i64.store $engine (local.get $target) (i64.const 1))
    (f64.store $engine offset=8 (local.get $target) (local.get $number)))

  (func $write_nothing (param $target i32)
    (i64.store $engine (local.get $target) (i64.const 0)))

  (func $value (param $number i32) (result externref)
    (extern.convert_any (ref.i31 (local.get $number))))

  (func $number (param $value externref) (result i32)
    (i31.get_u (ref.cast (ref i31) (any.convert_extern (local.get $value)))))

  ;; The engine expects undefined, null, true and false, in this order, in four new slots at the end of its table.
  (func (export "start")
    (local $slot i32)
    (local.set $slot (table.grow $references (call $value (i32.const 0)) (i32.const 4)))
    (table.set $references (i32.const 0) (call $value (i32.const 0)))
    (table.set $references (i32.add (local.get $slot) (i32.const 1)) (call $value (i32.const 1)))
    (table.set $references (i32.add (local.get $slot) (i32.const 2)) (call $value (i32.const 2)))
    (table.set $references (i32.add (local.get $slot) (i32.const 3)) (call $value (i32.const 3)))
    (call $engine_start))

  ;; Put a value into the engine's table, and return its slot.
  (func (export "keep") (param $number i32) (result i32)
    (local $slot i32)
    (local.set $slot (call $new_slot))
    (table.set $references (local.get $slot) (call $value (local.get $number)))
    (local.get $slot))

  (func (export "new") (param $options i32) (param $log i32) (param $adapter i32) (result i32)
    (call $number
      (call $new (call $value (local.get $options)) (call $value (local.get $log)) (call $value (local.get $adapter)))))

  (func (export "call") (param $engine i32) (param $parameters i32) (result i32)
    (call $number
      (call_indirect $method (type $method)
        (local.get $engine) (call $value (local.get $parameters)) (i32.const 0))))

  (func (export "run_closure") (param $data i32) (param $table i32) (param $argument i32)
    (call $run_closure (local.get $data) (local.get $table) (call $value (local.get $argument))))

  (func (export "run_executor") (param $data i32) (param $table i32) (param $resolve i32) (param $reject i32)
    (call $run_executor
      (local.get $data) (local.get $table) (call $value (local.get $resolve)) (call $value (local.get $reject)))))

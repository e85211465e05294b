;; The call log: what the query compiler builds, written down instead of built.
;;
;; The compiler hands out its answer by calling JavaScript: new object, string, set property, some hundred calls for a
;; plan. A call into Python costs ten microseconds, ninety-five percent of a compilation. So the calls that occur while a
;; plan is made end here. Each appends a record to a memory that Python reads, once, when the compiler is done.
;;
;; Values. To the compiler a JavaScript value is an opaque reference. Ours is a number (an i31, which needs no heap):
;;   0 undefined   1 null   2 true   3 false
;;   4 + n         the value that record n made
;;   2^29 + n      value n of a list that Python keeps (the parameters of the constructor, and what comes of them)
;;
;; Records. Sixteen bytes, little-endian; the operation comes first, then up to three numbers:
;;   1 object                             makes {}
;;   2 array                              makes []
;;   3 string   address, length           makes a string, UTF-8 in the memory `texts`
;;   4 number   (unused), float64         makes a number
;;   5 set      object, key, value
;;   6 push     array, index, value       indexes come in order
;;
;; Nothing is ever taken back: the compiler keeps its strings for field names from one call to the next. When the
;; memories have grown too large, the instance is thrown away as a whole.
;;
;; Strings lie in the compiler's memory, which does not exist yet when this module is instantiated, for the compiler
;; imports from it. Therefore `copier`: the bridge, instantiated last, puts the function there that copies.
(module
  (type $copy (func (param $target i32) (param $source i32) (param $length i32)))
  (import "python" "is_string" (func $python_is_string (param i32) (result i32)))

  (table $copier (export "copier") 1 funcref)
  (memory $records (export "records") 16)
  (memory $texts (export "texts") 16)
  (global $records_end (mut i32) (i32.const 0))
  (global $texts_end (mut i32) (i32.const 0))

  ;; How far the two memories are written.
  (func (export "ends") (result i32 i32)
    (global.get $records_end) (global.get $texts_end))

  (func $append (param $operation i32) (param $a i32) (param $b i32) (param $c i32) (result i32)
    (local $at i32)
    (local.set $at (global.get $records_end))
    (if (i32.ge_u (i32.add (local.get $at) (i32.const 16)) (i32.shl (memory.size $records) (i32.const 16)))
      (then
        (if (i32.eq (memory.grow $records (i32.const 16)) (i32.const -1)) (then (unreachable)))))
    (i32.store $records (local.get $at) (local.get $operation))
    (i32.store $records offset=4 (local.get $at) (local.get $a))
    (i32.store $records offset=8 (local.get $at) (local.get $b))
    (i32.store $records offset=12 (local.get $at) (local.get $c))
    (global.set $records_end (i32.add (local.get $at) (i32.const 16)))
    (local.get $at))

  ;; The value that the record at this address made.
  (func $made (param $at i32) (result externref)
    (extern.convert_any (ref.i31 (i32.add (i32.shr_u (local.get $at) (i32.const 4)) (i32.const 4)))))

  (func $id (param $value externref) (result i32)
    (i31.get_u (ref.cast (ref i31) (any.convert_extern (local.get $value)))))

  ;; Make room for so many bytes in `texts`.
  (func $reserve (export "reserve") (param $length i32)
    (local $missing i32)
    (local.set $missing
      (i32.sub
        (i32.add (global.get $texts_end) (local.get $length))
        (i32.shl (memory.size $texts) (i32.const 16))))
    (if (i32.gt_s (local.get $missing) (i32.const 0))
      (then
        (if (i32.eq
              (memory.grow $texts (i32.add (i32.shr_u (local.get $missing) (i32.const 16)) (i32.const 16)))
              (i32.const -1))
          (then (unreachable))))))

  (func (export "new_object") (result externref)
    (call $made (call $append (i32.const 1) (i32.const 0) (i32.const 0) (i32.const 0))))

  (func (export "new_array") (result externref)
    (call $made (call $append (i32.const 2) (i32.const 0) (i32.const 0) (i32.const 0))))

  (func (export "text") (param $address i32) (param $length i32) (result externref)
    (local $target i32)
    (call $reserve (local.get $length))
    (local.set $target (global.get $texts_end))
    (call_indirect $copier (type $copy) (local.get $target) (local.get $address) (local.get $length) (i32.const 0))
    (global.set $texts_end (i32.add (local.get $target) (local.get $length)))
    (call $made (call $append (i32.const 3) (local.get $target) (local.get $length) (i32.const 0))))

  (func (export "number") (param $number f64) (result externref)
    (local $at i32)
    (local.set $at (call $append (i32.const 4) (i32.const 0) (i32.const 0) (i32.const 0)))
    (f64.store $records offset=8 (local.get $at) (local.get $number))
    (call $made (local.get $at)))

  (func (export "set_property") (param $object externref) (param $key externref) (param $value externref)
    (drop (call $append
      (i32.const 5) (call $id (local.get $object)) (call $id (local.get $key)) (call $id (local.get $value)))))

  (func (export "set_item") (param $array externref) (param $index i32) (param $value externref)
    (drop (call $append
      (i32.const 6) (call $id (local.get $array)) (local.get $index) (call $id (local.get $value)))))

  (func (export "is_string") (param $value externref) (result i32)
    (local $id i32)
    (local.set $id (call $id (local.get $value)))
    (if (i32.lt_u (local.get $id) (i32.const 4)) (then (return (i32.const 0))))
    (if (i32.ge_u (local.get $id) (i32.const 0x20000000)) (then (return (call $python_is_string (local.get $id)))))
    (i32.eq
      (i32.load $records (i32.shl (i32.sub (local.get $id) (i32.const 4)) (i32.const 4)))
      (i32.const 3)))

  ;; The bridge has filled the table by the time the compiler asks for it.
  (func (export "fill_table")))

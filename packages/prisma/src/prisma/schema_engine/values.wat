;; The values: rows of queries, where the schema engine reads them without asking Python.
;;
;; The engine takes a database's catalog apart by calling JavaScript, eight calls for each value: is it null, is it a
;; boolean, a number, … A call into Python costs more than ten microseconds, and a push makes fifteen thousand. So Python
;; writes the rows of an answer into two memories, once, and the calls that occur most end here.
;;
;; Values. To the engine a JavaScript value is an opaque reference. Ours is a number (an i31, which needs no heap):
;;   n          the value in record n
;;   2^29 + n   value n of a list that Python keeps
;;
;; Records. Sixteen bytes, little-endian; the kind comes first:
;;   0 undefined   1 null   2 true   3 false   as records 0 to 3, and in others
;;   4 number  (unused), float64
;;   5 string  address, length     UTF-8 in the memory `texts`
;;   6 array   first, length       its items are neighbouring records
;;   7 other   number              a value that Python keeps, as an item of an array
;;
;; Nothing is ever taken back: an engine lives as long as a command.
;;
;; The engine's memory does not exist yet when this module is instantiated, for the engine imports from it. Therefore
;; `writers`: the bridge, instantiated last, puts the functions there that write into that memory.
(module
  (type $write_text (func (param $target i32) (param $source i32) (param $length i32)))
  (type $write_number (func (param $target i32) (param $number f64)))
  (type $write_nothing (func (param $target i32)))
  (import "python" "get" (func $python_get (param i32 i32) (result i32)))
  (import "python" "loosely_equal" (func $python_loosely_equal (param i32 i32) (result i32)))
  (import "python" "is_array" (func $python_is_array (param i32) (result i32)))
  (import "python" "is_safe_integer" (func $python_is_safe_integer (param i32) (result i32)))
  (import "python" "length" (func $python_length (param i32) (result i32)))
  (import "python" "write_string" (func $python_write_string (param i32 i32)))
  (import "python" "write_number" (func $python_write_number (param i32 i32)))

  (table $writers (export "writers") 3 funcref)
  (memory $records (export "records") 1)
  (memory $texts (export "texts") 1)
  (data (memory $records) (i32.const 16) "\01")
  (data (memory $records) (i32.const 32) "\02")
  (data (memory $records) (i32.const 48) "\03")

  ;; Make room, up to these ends.
  (func (export "reserve") (param $records_end i32) (param $texts_end i32)
    (local $missing i32)
    (local.set $missing (i32.sub (local.get $records_end) (i32.shl (memory.size $records) (i32.const 16))))
    (if (i32.gt_s (local.get $missing) (i32.const 0))
      (then
        (if (i32.eq (memory.grow $records (call $pages (local.get $missing))) (i32.const -1)) (then (unreachable)))))
    (local.set $missing (i32.sub (local.get $texts_end) (i32.shl (memory.size $texts) (i32.const 16))))
    (if (i32.gt_s (local.get $missing) (i32.const 0))
      (then
        (if (i32.eq (memory.grow $texts (call $pages (local.get $missing))) (i32.const -1)) (then (unreachable))))))

  (func $pages (param $bytes i32) (result i32)
    (i32.add (i32.shr_u (local.get $bytes) (i32.const 16)) (i32.const 16)))

  (func $number (param $value externref) (result i32)
    (i31.get_u (ref.cast (ref i31) (any.convert_extern (local.get $value)))))

  (func $value (param $number i32) (result externref)
    (extern.convert_any (ref.i31 (local.get $number))))

  (func $is_kept (param $number i32) (result i32)
    (i32.ge_u (local.get $number) (i32.const 0x20000000)))

  (func $at (param $number i32) (result i32)
    (i32.shl (local.get $number) (i32.const 4)))

  ;; The kind of a value; of one that Python keeps, 7.
  (func $kind (param $number i32) (result i32)
    (if (result i32) (call $is_kept (local.get $number))
      (then (i32.const 7))
      (else (i32.load $records (call $at (local.get $number))))))

  (func (export "get") (param $array externref) (param $index i32) (result externref)
    (local $number i32) (local $item i32)
    (local.set $number (call $number (local.get $array)))
    (if (call $is_kept (local.get $number))
      (then (return (call $value (call $python_get (local.get $number) (local.get $index))))))
    (local.set $number (call $at (local.get $number)))
    (if (i32.or
          (i32.ne (i32.load $records (local.get $number)) (i32.const 6))
          (i32.ge_u (local.get $index) (i32.load $records offset=8 (local.get $number))))
      (then (return (call $value (i32.const 0)))))
    (local.set $item (i32.add (i32.load $records offset=4 (local.get $number)) (local.get $index)))
    (if (i32.eq (call $kind (local.get $item)) (i32.const 7))
      (then (local.set $item (i32.load $records offset=4 (call $at (local.get $item))))))
    (call $value (local.get $item)))

  (func $is_nothing (param $number i32) (result i32)
    (i32.le_u (call $kind (local.get $number)) (i32.const 1)))

  (func (export "loosely_equal") (param $left externref) (param $right externref) (result i32)
    (local $one i32) (local $other i32)
    (local.set $one (call $number (local.get $left)))
    (local.set $other (call $number (local.get $right)))
    (if (i32.or (call $is_nothing (local.get $one)) (call $is_nothing (local.get $other)))
      (then (return (i32.and (call $is_nothing (local.get $one)) (call $is_nothing (local.get $other))))))
    (call $python_loosely_equal (local.get $one) (local.get $other)))

  (func (export "is_undefined") (param $value externref) (result i32)
    (i32.eqz (call $kind (call $number (local.get $value)))))

  ;; None of our numbers is a BigInt.
  (func (export "is_bigint") (param $value externref) (result i32)
    (i32.const 0))

  ;; Python keeps no booleans: they are records 2 and 3. Another value is answered with 0xffffff.
  (func (export "boolean") (param $value externref) (result i32)
    (local $kind i32)
    (local.set $kind (call $kind (call $number (local.get $value))))
    (select
      (i32.const 1)
      (select (i32.const 0) (i32.const 0xffffff) (i32.eq (local.get $kind) (i32.const 3)))
      (i32.eq (local.get $kind) (i32.const 2))))

  (func (export "is_array") (param $value externref) (result i32)
    (local $number i32)
    (local.set $number (call $number (local.get $value)))
    (if (call $is_kept (local.get $number)) (then (return (call $python_is_array (local.get $number)))))
    (i32.eq (call $kind (local.get $number)) (i32.const 6)))

  (func (export "length") (param $value externref) (result i32)
    (local $number i32)
    (local.set $number (call $number (local.get $value)))
    (if (call $is_kept (local.get $number)) (then (return (call $python_length (local.get $number)))))
    (i32.load $records offset=8 (call $at (local.get $number))))

  (func (export "is_safe_integer") (param $value externref) (result i32)
    (local $number i32) (local $float f64)
    (local.set $number (call $number (local.get $value)))
    (if (call $is_kept (local.get $number)) (then (return (call $python_is_safe_integer (local.get $number)))))
    (if (i32.ne (call $kind (local.get $number)) (i32.const 4)) (then (return (i32.const 0))))
    (local.set $float (f64.load $records offset=8 (call $at (local.get $number))))
    (i32.and
      (f64.eq (f64.trunc (local.get $float)) (local.get $float))
      (f64.le (f64.abs (local.get $float)) (f64.const 9007199254740991))))

  (func (export "write_number") (param $target i32) (param $value externref)
    (local $number i32)
    (local.set $number (call $number (local.get $value)))
    (if (call $is_kept (local.get $number))
      (then (call $python_write_number (local.get $target) (local.get $number)) (return)))
    (if (i32.eq (call $kind (local.get $number)) (i32.const 4))
      (then
        (call_indirect $writers (type $write_number)
          (local.get $target) (f64.load $records offset=8 (call $at (local.get $number))) (i32.const 1))
        (return)))
    (call_indirect $writers (type $write_nothing) (local.get $target) (i32.const 2)))

  (func (export "write_string") (param $target i32) (param $value externref)
    (local $number i32)
    (local.set $number (call $number (local.get $value)))
    (if (call $is_kept (local.get $number))
      (then (call $python_write_string (local.get $target) (local.get $number)) (return)))
    (if (i32.eq (call $kind (local.get $number)) (i32.const 5))
      (then
        (local.set $number (call $at (local.get $number)))
        (call_indirect $writers (type $write_text)
          (local.get $target)
          (i32.load $records offset=4 (local.get $number))
          (i32.load $records offset=8 (local.get $number))
          (i32.const 0))
        (return)))
    (call_indirect $writers (type $write_nothing) (local.get $target) (i32.const 2)))

  ;; Nobody reads how long the engine's steps took, and it asks thousands of times.
  (func (export "performance_now") (param $performance externref) (result f64)
    (f64.const 0))

  ;; The bridge has filled the table by the time the engine asks for it.
  (func (export "fill_table")))
